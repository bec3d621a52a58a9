"""Writes scipy_counts.csv: right-hand sides that SciPy's RK45 calls for one evaluation of the published problems.

Needs NumPy and SciPy (made with 2.4.6 and 1.17.1). Each interval of the data is a call of solve_ivp of its own, from
the end of the last; rows: the truth of each model, then points drawn evenly from the box of factors 0.1 to 10.
"""
import numpy as np
from scipy.integrate import solve_ivp


def lotka_volterra(t, y, k1, k2, k3):
    return [k1 * y[0] - k2 * y[0] * y[1], k2 * y[0] * y[1] - k3 * y[1]]


def goodwin(t, y, k1, k2, k3, k4, k5, k6, n):
    return [k1 / (1 + y[2] ** n) - k2 * y[0], k3 * y[0] - k4 * y[1], k5 * y[1] - k6 * y[2]]


models = {
    "lv": (lotka_volterra, [1, 0.5, 1], [(2, 1), (1, 2)], 100),
    "gw": (goodwin, [1, 0.5, 1, 0.5, 1, 0.5, 10], [(0.2, 0.5, 1.2), (0.3, 0.5, 1.0)], 100),
    "gwx": (goodwin, [1, 0.1, 1, 0.1, 1, 0.1, 10], [(0.01, 0.25, 2.5)], 400),
}


def count(name, theta):
    f, _, starts, steps = models[name]
    calls = 0
    for y in starts:
        for j in range(steps):
            run = solve_ivp(f, (0.5 * j, 0.5 * (j + 1)), y, method="RK45", args=theta, rtol=1e-6, atol=1e-9, max_step=0.5)
            calls += run.nfev
            y = run.y[:, -1]
    return calls


def main():
    random = np.random.default_rng(1)
    with open("scipy_counts.csv", "w") as out:
        out.write("model,p1,p2,p3,p4,p5,p6,p7,calls\n")
        for name, points in [("lv", 80), ("gw", 80), ("gwx", 40)]:
            truth = np.array(models[name][1], dtype=float)
            rates = len(truth) if name == "lv" else 6
            for point in range(points + 1):
                theta = truth.copy()
                if point:
                    theta[:rates] *= 10 ** random.uniform(-1, 1, rates)
                    if name == "gwx":
                        theta[6] = random.integers(1, 13)
                padded = list(theta) + [0.0] * (7 - len(theta))
                out.write(name + "," + ",".join(repr(float(x)) for x in padded) + f",{count(name, tuple(theta))}\n")


main()
