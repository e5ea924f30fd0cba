"""Seeded synthetic design (our own work; no real respondents).

60 strata in 5 countries, stratum and PSU codes REUSED across countries, single-PSU strata, zero weights,
missing outcomes, missing domain values, an empty domain cell, a one-row domain, non-ASCII labels."""

import sys

import numpy as np
import pandas as pd

out = sys.argv[1] if len(sys.argv) > 1 else "."
r = np.random.default_rng(20260801)
C = ["Perú", "中国", "España", "កម្ពុជា", "United Kingdom"]
AG = ["15-17", "18-24", "25-34", "35-49", "50-64", "65+"]
rows = []
for ci, c in enumerate(C):
    for s in range(1, 13):  # stratum codes 1..12 reused in each country
        N_h = int(r.integers(20, 80))
        n_h = 1 if s in (5, 11) and ci in (0, 2, 4) else int(r.integers(2, 7))
        sh = r.normal(0, 0.5)
        for p in range(1, n_h + 1):  # PSU codes 1.. reused in each stratum
            M = int(r.integers(30, 200))
            m = int(r.integers(8, 26))
            pe = r.normal(0, 0.4)
            for k in range(m):
                w = N_h / n_h * M / m * np.exp(r.normal(0, 0.25))
                if r.random() < 0.02:
                    w = 0.0
                ag = int(r.choice(6, p=[0.05, 0.25, 0.25, 0.22, 0.15, 0.08]))
                sex = int(r.integers(0, 2))
                eta = sh + pe + 0.25 * sex - 0.1 * ag + 0.2 * ci
                hrs = float(np.round(np.exp(1.2 + 0.4 * eta + r.normal(0, 0.6)), 3))
                vol = int(r.random() < 1 / (1 + np.exp(0.6 - eta)))
                cnt = int(r.poisson(np.exp(0.3 + 0.3 * eta)))
                sat = int(np.clip(np.round(3 + 0.6 * eta + r.normal(0, 1)), 1, 5))
                inc = float(np.round(np.exp(6 + 0.2 * eta + r.normal(0, 0.5)), 2))
                skill = ["none", "basic", "advanced"][int(r.choice(3, p=[0.3, 0.5, 0.2]))]
                rows.append([c, s, p, k + 1, N_h, M, w, ag, sex, hrs, vol, cnt, sat, inc, skill])
d = pd.DataFrame(
    rows,
    columns=[
        "country",
        "stratum",
        "psu",
        "ssu",
        "fpc_psu",
        "fpc_ssu",
        "weight",
        "ag",
        "sex",
        "hours",
        "volunteer",
        "n_orgs",
        "satisfaction",
        "income",
        "skill",
    ],
)
d["agegroup"] = [AG[i] for i in d.ag]
d = d.drop(columns="ag")
d["sex"] = d.sex.map({0: "f", 1: "m"})
n = len(d)
d["weight"] = d.weight.map(lambda v: float(repr(round(v, 6))))
for col, f in [
    ("hours", 0.06),
    ("volunteer", 0.04),
    ("satisfaction", 0.05),
    ("income", 0.15),
    ("agegroup", 0.01),
]:
    d[col] = d[col].astype(object).where(r.random(n) >= f, None)
# an empty cell: no 65+ in country 2 ; a one-row domain: 15-17 in country 4
d.loc[(d.country == C[1]) & (d.agegroup == "65+"), "agegroup"] = "50-64"
i = d.index[(d.country == C[3]) & (d.agegroup == "15-17")]
d.loc[i[1:], "agegroup"] = "18-24"
# a domain present in a single PSU of each of two strata only
d["rare"] = 0
for c, s in [(C[0], 2), (C[4], 3)]:
    j = d.index[(d.country == c) & (d.stratum == s) & (d.psu == 1)][:6]
    d.loc[j, "rare"] = 1
d.insert(0, "id", np.arange(1, n + 1))
d["strata_id"] = (d.country.map({c: i + 1 for i, c in enumerate(C)}) * 100 + d.stratum).astype(int)
d["psu_id"] = (d.strata_id * 100 + d.psu).astype(int)
d.to_csv(f"{out}/synthetic.csv", index=False)
# five seeded imputations of hours and volunteer (hot deck with noise), long format, only imputed columns
imps = []
for m in range(1, 6):
    e = d[["id", "hours", "volunteer"]].copy()
    for col in ("hours", "volunteer"):
        miss = e[col].isna()
        pool = e.loc[~miss, col].to_numpy()
        e.loc[miss, col] = r.choice(pool, miss.sum())
    e = e[d.hours.isna() | d.volunteer.isna()]
    e.insert(0, "imp", m)
    imps.append(e)
pd.concat(imps).to_csv(f"{out}/synthetic_imputed_rows.csv", index=False)
print(n, d.strata_id.nunique(), d.psu_id.nunique(), (d.weight == 0).sum(), d.isna().sum().to_dict())
