"""Arrays and tables: numpy, pandas and scipy."""

from honest.objects.frame import dump, writes


@writes
def numpy():
    import numpy as np
    import numpy.ma
    big = np.arange(6.0).reshape(2, 3)
    things = {
        "arrays": [big, big.T, big.astype("f4"), np.array(["a", "bc"]), np.array([b"x"]), np.array([1, None, "x"], object),
                   np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]), np.zeros(3, "M8[ns]"), np.zeros(2, "m8[D]"),
                   np.array(3), np.zeros((0, 3)), np.zeros(2, bool), np.zeros(2, complex), np.matrix([[1]])],
        "scalars": [np.float64(1), np.int32(2), np.bool_(True), np.str_("x"), np.bytes_(b"x"), np.datetime64("2020-01-01"),
                    np.timedelta64(1, "D"), np.complex128(1j), np.float16(1), np.longdouble(1)],
        "dtypes": [np.dtype("f4"), np.dtype([("a", "i4")]), np.float32, np.int64, np.dtype("M8[us]"), np.dtype(("i4", (2,)))],
        "random": [np.random.RandomState(1), np.random.default_rng(1), np.random.PCG64(1), np.random.MT19937(1),
                   np.random.SeedSequence(1), np.random.Philox(1), np.random.SFC64(1), np.random.get_state()],
        "masked": [np.ma.array([1, 2], mask=[0, 1]), np.ma.masked], "records": [np.rec.array([(1, 2.0)], names="a,b")],
        "functions": [np.sin, np.add, np.mean, np.linalg.norm, np.random.rand, np.log1p, np.expm1, np.nanmean, np.matmul,
                      np.exp, np.random.normal, np.fft.fft, np.argmax, np.ptp, np.cumsum, np.median, np.char.lower],
        "poly": [np.poly1d([1, 2]), np.polynomial.Polynomial([1, 2]), np.polynomial.Chebyshev([1])],
        "info": [np.finfo("f4"), np.iinfo("i4")], "errors": [np.linalg.LinAlgError("x")], "nditer": [np.inf, np.nan],
        "chararray": [np.char.array(["a"])], "vectorized": [np.vectorize],
    }
    for name, value in things.items():
        for index, item in enumerate(value):
            dump(f"np_{name}_{index}", item, range(6))


@writes
def pandas():
    import numpy as np
    import pandas as pd
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": pd.to_datetime(["2020-01-01", "2020-01-02"]), "d": [1.5, np.nan]})
    things = [
        frame, frame.a, frame.set_index("c"), frame.set_index(["a", "b"]), frame.astype({"b": "category"}), frame.groupby("a").d.sum(),
        frame.convert_dtypes(), pd.Series(pd.period_range("2020", periods=2)), pd.interval_range(0, 3), pd.Timestamp.now(),
        pd.Timestamp("2020", tz="Europe/Paris"), pd.Timedelta("1d"), pd.NaT, pd.NA, pd.Period("2020-01"), pd.Interval(0, 1),
        pd.offsets.BDay(), pd.offsets.MonthEnd(2), pd.DateOffset(months=1), pd.date_range("2020", periods=2, tz="UTC"),
        pd.Categorical(["a"]), pd.arrays.SparseArray([0, 1]), pd.Series([1, 2], dtype="Int64"), pd.Series(["a"], dtype="string"),
        pd.CategoricalDtype(["a"]), pd.DatetimeTZDtype(tz="UTC"), pd.RangeIndex(3), pd.Index(["a"]), pd.MultiIndex.from_tuples([(1, 2)]),
        pd.DataFrame(), pd.Series([True, None], dtype="boolean"), pd.timedelta_range("1d", periods=2), pd.Grouper(key="a"),
        pd.offsets.CustomBusinessDay(), pd.offsets.Week(weekday=1), pd.DataFrame({"a": pd.arrays.SparseArray([0, 1])}),
        pd.Flags if False else pd.Series(dtype=float), frame.rolling(2), frame.groupby("a"), pd.Series([[1]]), frame.resample("D", on="c"),
        pd.tseries.holiday.USFederalHolidayCalendar() if hasattr(pd.tseries, "holiday") else None, pd.IntervalIndex.from_breaks([0, 1]),
        pd.option_context, pd.to_numeric, pd.DataFrame, pd.Series.mean, pd.notnull,
    ]
    for index, item in enumerate(things):
        dump(f"pd_{index}", item, (2, 4, 5))


@writes
def scipy():
    import numpy as np
    import scipy.interpolate, scipy.optimize, scipy.sparse, scipy.spatial, scipy.stats, scipy.signal
    x = np.random.RandomState(0).rand(20, 2)
    things = [scipy.sparse.csr_matrix(np.eye(3)), scipy.sparse.coo_array(np.eye(3)), scipy.sparse.lil_matrix(np.eye(3)),
              scipy.sparse.dok_matrix(np.eye(2)), scipy.spatial.cKDTree(x), scipy.spatial.KDTree(x), scipy.stats.norm(0, 1),
              scipy.stats.norm, scipy.stats.gaussian_kde(x.T), scipy.interpolate.interp1d([1, 2], [3, 4]),
              scipy.interpolate.CubicSpline([1, 2, 3], [1, 2, 3]), scipy.interpolate.UnivariateSpline(range(6), range(6)),
              scipy.spatial.Delaunay(x) if False else None, scipy.optimize.minimize(np.sum, [1.0]), scipy.stats.ttest_ind([1, 2], [2, 4]),
              scipy.spatial.transform.Rotation.from_euler("x", 1), scipy.interpolate.RegularGridInterpolator(([0, 1],), [1, 2]),
              scipy.stats.randint(1, 4), scipy.stats.uniform, scipy.signal.lti([1], [1, 2]), scipy.special.expit,
              scipy.stats.multivariate_normal([0, 0]), scipy.interpolate.BSpline([0, 1, 2, 3], [1, 2], 1), scipy.sparse.eye(3),
              scipy.stats.pearsonr, scipy.spatial.distance.cosine, scipy.stats.loguniform(1, 2), scipy.spatial.ConvexHull if False else None]
    for index, item in enumerate(things):
        dump(f"sp_{index}", item)
