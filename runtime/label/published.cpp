#include "runtime/label/published.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <map>
#include <numeric>
#include <unsupported/Eigen/FFT>

#include "dsl/syntax/error.h"
#include "runtime/ensemble/record.h"

namespace rondo {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double least_score = 0.4;
constexpr double envelope_spread = 0.15;

// The frequency of the bin before the largest one: the authors' code is off by one, and so are their labels.
double spectral_frequency(std::span<const double> y, double dt) {
    Eigen::FFT<double> fft;
    fft.SetFlag(Eigen::FFT<double>::HalfSpectrum);
    std::vector<double> signal(y.begin(), y.end());
    std::vector<std::complex<double>> spectrum;
    fft.fwd(spectrum, signal);
    const std::size_t bins = y.size() / 2;
    std::size_t best = 1;
    for (std::size_t k = 2; k < bins; ++k)
        if (std::norm(spectrum[k]) > std::norm(spectrum[best])) best = k;
    return static_cast<double>(best - 1) / (static_cast<double>(y.size()) * dt);
}

// Strict local maxima; a plateau counts once, at its middle.
std::vector<std::size_t> local_maxima(std::span<const double> y) {
    std::vector<std::size_t> peaks;
    for (std::size_t i = 1; i + 1 < y.size();) {
        if (!(y[i - 1] < y[i])) {
            ++i;
            continue;
        }
        std::size_t end = i + 1;
        while (end + 1 < y.size() && y[end] == y[i]) ++end;
        if (y[end] < y[i]) peaks.push_back((i + end - 1) / 2);
        i = end;
    }
    return peaks;
}

// Of peaks closer than `distance`, the lower ones go, highest kept first.
std::vector<std::size_t> spaced(const std::vector<std::size_t>& peaks, std::span<const double> y,
                                std::size_t distance) {
    std::vector<std::size_t> order(peaks.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return y[peaks[a]] < y[peaks[b]]; });
    std::vector<bool> keep(peaks.size(), true);
    for (std::size_t i = order.size(); i-- > 0;) {
        const std::size_t here = order[i];
        if (!keep[here]) continue;
        for (std::size_t k = here; k-- > 0 && peaks[here] - peaks[k] < distance;) keep[k] = false;
        for (std::size_t k = here + 1; k < peaks.size() && peaks[k] - peaks[here] < distance; ++k)
            keep[k] = false;
    }
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < peaks.size(); ++i)
        if (keep[i]) kept.push_back(peaks[i]);
    return kept;
}

// Deviations from the mean, with what the two last steps need of them.
struct Deviations {
    explicit Deviations(std::span<const double> y) : z(y.begin(), y.end()) {
        const double mean = std::accumulate(y.begin(), y.end(), 0.0) / static_cast<double>(y.size());
        for (double& value : z) value -= mean;
        total = std::inner_product(z.begin(), z.end(), z.begin(), 0.0);
    }
    std::vector<double> z;
    double total;

    // |R(lag)|, the biased autocorrelation.
    double score(std::size_t lag) const {
        lag = std::min(lag, z.size() - 1);
        double sum = 0;
        for (std::size_t i = 0; i + lag < z.size(); ++i) sum += z[i] * z[i + lag];
        return std::abs(sum / total);
    }

    // Norm of the first samples over that of the last.
    double ratio(std::size_t count) const {
        count = std::min(count, z.size());
        double first = 0, last = 0;
        for (std::size_t i = 0; i < count; ++i) {
            first += z[i] * z[i];
            last += z[z.size() - 1 - i] * z[z.size() - 1 - i];
        }
        return last > 0 ? std::sqrt(first / last) : infinite;
    }
};

// Uphill on the score from the first guess, in ever shorter steps. Lengths in samples.
std::size_t refine_period(const Deviations& deviations, std::size_t guess) {
    std::map<std::size_t, double> known;
    const auto score = [&](std::size_t lag) {
        const auto [entry, fresh] = known.try_emplace(lag, 0.0);
        if (fresh) entry->second = deviations.score(lag);
        return entry->second;
    };
    std::size_t length = guess, step = std::max<std::size_t>(guess / 10, 1);
    while (step > 0) {
        if (score(length + step) > score(length)) {
            length += step;
        } else if (length > step && 2 * (length - step) > guess && score(length - step) > score(length)) {
            length -= step;
        } else {
            step /= 2;
        }
    }
    return length;
}

double envelope_ratio(const Deviations& deviations, std::size_t length, const std::vector<int>& cycles) {
    double low = infinite, high = -infinite;
    for (const int n : cycles) {
        const double ratio = deviations.ratio(static_cast<std::size_t>(n) * length);
        low = std::min(low, ratio);
        high = std::max(high, ratio);
    }
    return high - low > envelope_spread ? infinite : low;
}

std::vector<double> sample_times(const PublishedOptions& options) {
    const auto refuse = [](const std::string& text) {
        throw Error(Fault::input, "the published rule: " + text);
    };
    if (!(options.horizon > 0) || !std::isfinite(options.horizon))
        refuse("the horizon (T) must be a positive time; the four published systems have their own");
    if (!(options.dt > 0)) refuse("dt, the time between samples, must be positive");
    const double count = std::round(options.horizon / options.dt);
    if (!(count >= 16 && count <= 1e7))
        refuse("horizon / dt is the number of samples; it must be 16 to 10000000");
    std::vector<double> times(options.samples());
    for (std::size_t k = 0; k < times.size(); ++k)
        times[k] = static_cast<double>(times.size() - 1 + k) * options.dt;
    return times;
}

}  // namespace

std::size_t PublishedOptions::samples() const {
    return static_cast<std::size_t>(std::round(horizon / dt));
}

std::optional<PublishedOptions> published_preset(std::string_view model) {
    const std::vector<int> many = {2, 3, 5, 7, 13, 31, 67}, more = {2, 3, 5, 7, 13, 31, 67, 101};
    PublishedOptions options;
    if (model == "brusselator") {
        options = {.horizon = 500, .dt = 0.01, .delta = 0.10, .envelope = many};
    } else if (model == "cell_cycle") {
        options = {.horizon = 1000, .dt = 1, .delta = 0.15, .envelope = {2}};
    } else if (model == "mpf") {
        options = {.horizon = 1000, .dt = 0.01, .delta = 0.15, .envelope = {2}};
    } else if (model == "activator_inhibitor") {
        options = {.horizon = 5000, .dt = 1, .delta = 0.10, .envelope = more};
    } else {
        return std::nullopt;
    }
    return options;
}

double published_frequency(std::span<const double> y, const PublishedOptions& options) {
    const double first = spectral_frequency(y, options.dt);
    if (first == 0) return 0;
    const auto distance = static_cast<std::size_t>(std::max(1.0, std::floor(1 / options.dt / first / 2)));
    const auto peaks = spaced(local_maxima(y), y, distance);
    if (peaks.size() <= 2) return 0;
    const Deviations deviations(y);
    const std::size_t length = refine_period(deviations, peaks.back() - peaks[peaks.size() - 2]);
    if (!(deviations.score(length) >= least_score)) return 0;
    const double ratio = envelope_ratio(deviations, length, options.envelope);
    return std::abs(ratio - 1) <= options.delta ? 1 / (static_cast<double>(length) * options.dt) : 0;
}

PublishedLabeller::PublishedLabeller(const Selection& selection, const PublishedOptions& options)
    : options_(options),
      model_(compile(selection.system, {.outputs = selection.outputs})),
      times_(sample_times(options)),
      ensemble_(model_, {.rtol = options.rtol, .max_steps = options.max_steps}) {}

std::string PublishedLabeller::describe() const {
    return ensemble_.describe();
}

void PublishedLabeller::serve(Feed& feed, const Inputs& inputs, const Done& done) const {
    const std::size_t observed = model_->output_count();
    std::map<std::size_t, std::vector<double>> signals;  // of runs in hand: [observed][samples]
    Ensemble::Task task;
    task.inputs = inputs;
    task.t1 = times_.back();
    const auto place = [&](std::size_t run, std::size_t k) {
        auto& signal = signals[run];
        signal.resize(observed * times_.size());
        return signal.data() + k * times_.size();
    };
    const auto finish = [&](std::size_t run, const Outcome& outcome) {
        Label label;
        label.t = outcome.t;
        label.rhs_calls = outcome.rhs_calls;
        label.frequencies.assign(observed, 0.0);
        if (outcome.kind == Outcome::Kind::failed) {
            label.rhythm = Rhythm::failed;
            label.reason = outcome.reason;
            label.frequencies.assign(observed, std::numeric_limits<double>::quiet_NaN());
        } else {
            const std::span<const double> all = signals.at(run);
            for (std::size_t k = 0; k < observed; ++k)
                label.frequencies[k] =
                    published_frequency(all.subspan(k * times_.size(), times_.size()), options_);
            const bool every = std::ranges::all_of(label.frequencies, [](double f) { return f > 0; });
            if (!every) label.frequencies.assign(observed, 0.0);
            label.rhythm = every ? Rhythm::sustained : Rhythm::steady;
        }
        label.frequency = label.frequencies.front();
        signals.erase(run);
        done(run, label);
    };
    task.observe = [&](int lanes) {
        return std::make_unique<LaneRecorder>(*model_, times_, lanes, place, finish);
    };
    ensemble_.serve(feed, task);
}

}  // namespace rondo
