#include "runtime/surrogate/torch_taylor.h"

#include <cstring>

namespace rondo::plugin {

namespace {

constexpr int most_channels = 64;  // 9 axes with all second derivatives: 55

// ---- tanh and its channels ----
// V: a tensor, or a few numbers side by side in a register. y[0] is tanh z[0] already; the rest of y is made.
// tanh' = 1 - y^2 = s1, tanh'' = -2 y s1 = s2, tanh''' = -2 s1^2 + 4 y^2 s1 = s3.

template <class V>
[[gnu::always_inline]] inline void bend(const Channels& channels, const V* z, V* y) {
    const V s1 = 1 - y[0] * y[0], s2 = -2 * y[0] * s1;
    for (int a = 1; a <= channels.firsts; ++a) y[a] = s1 * z[a];
    int c = channels.firsts;
    for (const auto& [a, b] : channels.seconds) {
        ++c;
        y[c] = s1 * z[c] + s2 * z[a] * z[b];
    }
}

// g: the gradient by y, made into that by z. y: tanh z[0].
template <class V>
[[gnu::always_inline]] inline void bend_back(const Channels& channels, const V* z, const V& y, V* g) {
    const V s1 = 1 - y * y, s2 = -2 * y * s1, s3 = -2 * s1 * s1 - 2 * y * s2;
    g[0] = s1 * g[0];
    for (int a = 1; a <= channels.firsts; ++a) {
        g[0] = g[0] + s2 * z[a] * g[a];
        g[a] = s1 * g[a];
    }
    int c = channels.firsts;
    for (const auto& [a, b] : channels.seconds) {
        ++c;
        const V bent = s2 * g[c];
        g[0] = g[0] + bent * z[c] + s3 * z[a] * z[b] * g[c];
        g[a] = g[a] + bent * z[b];
        g[b] = g[b] + bent * z[a];
        g[c] = s1 * g[c];
    }
}

// A few numbers side by side in a register.
template <class T>
struct Lanes {
    typedef T Pack __attribute__((vector_size(32)));
    static constexpr std::int64_t width = sizeof(Pack) / sizeof(T);

    // As many numbers of each channel as there are, up to a pack; `stride` from one channel to the next.
    static void load(const T* from, std::int64_t stride, std::int64_t count, int channels, Pack* to) {
        for (int c = 0; c < channels; ++c)
            std::memcpy(&to[c], from + c * stride, static_cast<std::size_t>(count) * sizeof(T));
    }
    static void store(const Pack* from, std::int64_t stride, std::int64_t count, int channels, T* to) {
        for (int c = 0; c < channels; ++c)
            std::memcpy(to + c * stride, &from[c], static_cast<std::size_t>(count) * sizeof(T));
    }
};

// stride: numbers of a channel. What is behind the last whole pack is padded with what was there before.
template <class T>
void bend_all(const Channels& channels, std::int64_t stride, const T* z, T* y) {
    const int count = channels.count();
    typename Lanes<T>::Pack z_pack[most_channels]{}, y_pack[most_channels]{};
    const auto step = [&](std::int64_t i, std::int64_t lanes) {
        Lanes<T>::load(z + i, stride, lanes, count, z_pack);
        Lanes<T>::load(y + i, stride, lanes, 1, y_pack);
        bend(channels, z_pack, y_pack);
        Lanes<T>::store(y_pack, stride, lanes, count, y + i);
    };
    std::int64_t i = 0;
    for (; i + Lanes<T>::width <= stride; i += Lanes<T>::width) step(i, Lanes<T>::width);
    if (i < stride) step(i, stride - i);
}

template <class T>
void bend_all_back(const Channels& channels, std::int64_t stride, const T* z, const T* y, T* g) {
    const int count = channels.count();
    typename Lanes<T>::Pack z_pack[most_channels]{}, y_pack{}, g_pack[most_channels]{};
    const auto step = [&](std::int64_t i, std::int64_t lanes) {
        Lanes<T>::load(z + i, stride, lanes, count, z_pack);
        Lanes<T>::load(y + i, stride, lanes, 1, &y_pack);
        Lanes<T>::load(g + i, stride, lanes, count, g_pack);
        bend_back(channels, z_pack, y_pack, g_pack);
        Lanes<T>::store(g_pack, stride, lanes, count, g + i);
    };
    std::int64_t i = 0;
    for (; i + Lanes<T>::width <= stride; i += Lanes<T>::width) step(i, Lanes<T>::width);
    if (i < stride) step(i, stride - i);
}

void bend_tensors(const Channels& channels, const at::Tensor& z, at::Tensor& y) {
    if (z.is_cpu() && z.scalar_type() == at::kDouble)
        return bend_all(channels, z[0].numel(), z.const_data_ptr<double>(), y.mutable_data_ptr<double>());
    if (z.is_cpu())
        return bend_all(channels, z[0].numel(), z.const_data_ptr<float>(), y.mutable_data_ptr<float>());
    const std::vector<at::Tensor> from = z.unbind(0);
    std::vector<at::Tensor> made = y.unbind(0);
    bend(channels, from.data(), made.data());
    for (std::size_t c = 1; c < made.size(); ++c) y[static_cast<std::int64_t>(c)].copy_(made[c]);
}

void bend_tensors_back(const Channels& channels, const at::Tensor& z, const at::Tensor& y, at::Tensor& g) {
    if (z.is_cpu() && z.scalar_type() == at::kDouble)
        return bend_all_back(channels, z[0].numel(), z.const_data_ptr<double>(), y.const_data_ptr<double>(),
                             g.mutable_data_ptr<double>());
    if (z.is_cpu())
        return bend_all_back(channels, z[0].numel(), z.const_data_ptr<float>(), y.const_data_ptr<float>(),
                             g.mutable_data_ptr<float>());
    const std::vector<at::Tensor> from = z.unbind(0);
    std::vector<at::Tensor> made = g.unbind(0);
    bend_back(channels, from.data(), y[0], made.data());
    g = at::stack(made);
}

at::Tensor flat(const at::Tensor& x) {
    return x.view({-1, x.size(2)});
}

}  // namespace

Taylor::Taylor(const std::vector<TorchLayer>& layers, Channels channels)
    : layers_(layers), channels_(std::move(channels)), passes_(layers.size() + 1), by_y_(layers.size()) {
    TORCH_CHECK(channels_.count() <= most_channels, "too many derivatives");
}

// Memory of the last call, where it fits: fresh memory of this size costs as much as what is done in it.
at::Tensor& Taylor::room(at::Tensor& kept, std::int64_t rows, std::int64_t width) const {
    if (!kept.defined() || kept.size(1) != rows)
        kept = at::empty({channels_.count(), rows, width}, layers_[0].weight.options());
    return kept;
}

const at::Tensor& Taylor::forward(const at::Tensor& inputs) {
    const std::int64_t rows = inputs.size(1);
    passes_[0].y = inputs;
    for (std::size_t l = 0; l < layers_.size(); ++l) {
        const TorchLayer& layer = layers_[l];
        at::Tensor& z = room(passes_[l].z, rows, layer.weight.size(0));
        at::Tensor product = flat(z);
        at::mm_out(product, flat(passes_[l].y), layer.weight.t());
        z[0].add_(layer.bias);
        if (layer.activation == Activation::none) {
            passes_[l + 1].y = z;
            continue;
        }
        at::Tensor& y = room(passes_[l + 1].y, rows, layer.weight.size(0));
        at::Tensor value = y[0];
        at::tanh_out(value, z[0]);
        bend_tensors(channels_, z, y);
    }
    return passes_.back().y;
}

void Taylor::backward(at::Tensor by_output, std::vector<at::Tensor>& gradients) {
    at::Tensor g = std::move(by_output);
    for (std::size_t l = layers_.size(); l-- > 0;) {
        const TorchLayer& layer = layers_[l];
        const at::Tensor& y = passes_[l].y;
        if (layer.activation != Activation::none)
            bend_tensors_back(channels_, passes_[l].z, passes_[l + 1].y, g);
        gradients[2 * l].addmm_(flat(g).t(), flat(y));
        gradients[2 * l + 1].add_(g[0].sum(0));
        if (l == 0) return;
        at::Tensor& by_y = room(by_y_[l], y.size(1), y.size(2));
        at::Tensor product = flat(by_y);
        at::mm_out(product, flat(g), layer.weight);
        g = by_y;
    }
}

}  // namespace rondo::plugin
