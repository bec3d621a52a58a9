// identity.cpp: SHA-256 of what makes a result; the only file that sees OpenSSL.
//
// A field is a letter for its type, the length of its content (8 bytes), and the content. All little-endian.
#include <openssl/evp.h>

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <new>

#include "runtime/store/store.h"

namespace rondo {

static_assert(std::endian::native == std::endian::little, "identities are hashed as they lie in memory");

namespace {

struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// OpenSSL fails here for lack of memory alone.
void require(int ok) {
    if (ok != 1) throw std::bad_alloc();
}

class Sha256 {
  public:
    Sha256() : context_(EVP_MD_CTX_new()) {
        require(context_ != nullptr);
        require(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr));
    }
    Sha256(const Sha256& other) : Sha256() {
        require(EVP_MD_CTX_copy_ex(context_.get(), other.context_.get()));
    }
    void add(const void* bytes, std::size_t count) {
        require(EVP_DigestUpdate(context_.get(), bytes, count));
    }
    std::string hex() const {
        const Sha256 copy = *this;
        std::array<unsigned char, 32> digest;
        require(EVP_DigestFinal_ex(copy.context_.get(), digest.data(), nullptr));
        std::string text;
        for (const unsigned char byte : digest) {
            text += "0123456789abcdef"[byte / 16];
            text += "0123456789abcdef"[byte % 16];
        }
        return text;
    }

  private:
    std::unique_ptr<EVP_MD_CTX, Free> context_;
};

double canonical(double value) {
    if (std::isnan(value)) return std::numeric_limits<double>::quiet_NaN();
    return value == 0 ? 0 : value;
}

}  // namespace

struct Identity::State {
    Sha256 sha;

    void field(char type, const void* bytes, std::uint64_t count) {
        sha.add(&type, 1);
        sha.add(&count, sizeof count);
        sha.add(bytes, count);
    }
    void numbers(const std::vector<double>& values) {
        std::vector<double> bits(values.size());
        for (std::size_t i = 0; i < values.size(); ++i) bits[i] = canonical(values[i]);
        field('N', bits.data(), bits.size() * sizeof(double));
    }
};

Identity::Identity(std::string_view verb, int version) : state_(std::make_unique<State>()) {
    add(verb).add(version);
}
Identity::~Identity() = default;
Identity::Identity(const Identity& other) : state_(std::make_unique<State>(*other.state_)) {}
Identity::Identity(Identity&&) noexcept = default;
Identity& Identity::operator=(Identity&&) noexcept = default;

Identity& Identity::add(std::string_view text) {
    state_->field('t', text.data(), text.size());
    return *this;
}

Identity& Identity::add(double value) {
    const double bits = canonical(value);
    state_->field('d', &bits, sizeof bits);
    return *this;
}

Identity& Identity::add_whole(std::int64_t value) {
    state_->field('i', &value, sizeof value);
    return *this;
}

Identity& Identity::add(const Table& table) {
    const std::uint64_t shape[] = {table.width(), table.rows()};
    state_->field('T', shape, sizeof shape);
    for (const auto& column : table.columns()) {
        add(column.name);
        if (!column.is_text()) {
            state_->numbers(column.numbers());
            continue;
        }
        for (const auto& text : column.texts()) add(text);
    }
    return *this;
}

std::string Identity::hex() const {
    return state_->sha.hex();
}

std::string sha256_hex(std::string_view bytes) {
    Sha256 sha;
    sha.add(bytes.data(), bytes.size());
    return sha.hex();
}

}  // namespace rondo
