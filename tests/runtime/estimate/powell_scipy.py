"""Writes scipy_powell.csv: points that SciPy's minimize(method="Powell") asks for, in order. Made with SciPy 1.17.1."""
import numpy as np
from scipy.optimize import minimize

functions = {
    "rosenbrock": lambda x: 100 * (x[1] - x[0] * x[0]) * (x[1] - x[0] * x[0]) + (1 - x[0]) * (1 - x[0]),
    "valleys": lambda x: abs(x[0] - 1) + 2 * abs(x[1] + 0.5) + 0.1 * abs(x[0] * x[1]),
}

with open("scipy_powell.csv", "w") as out:
    out.write("function,x,y\n")
    for name, f in functions.items():
        asked = []

        def noted(x):
            asked.append(x.copy())
            return f(x)

        minimize(noted, np.array([-1.2, 1.0]), method="Powell", options={"maxfev": 200, "xtol": 1e-4, "ftol": 1e-4})
        for x in asked:
            out.write(f"{name},{float(x[0])!r},{float(x[1])!r}\n")
