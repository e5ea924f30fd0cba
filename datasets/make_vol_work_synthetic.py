"""Make `vol_work_synthetic.csv`: an invented population, its known truth, and a stratified clustered sample of it.

For maintainers: ``python datasets/make_vol_work_synthetic.py`` writes the file and the truth between the marks in
`vol_work_synthetic.yaml`; then run ``python datasets/refresh.py``. Nobody was asked: areas, persons and answers
come from a random number generator with a fixed seed. The truth is computed from the whole population, before
sampling and before any answer is made missing.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
SEED = 1
AREAS = ("A", "B", "C")
TYPES = ("organization", "direct", "family")
ISCO = [str(code) for code in range(10)]
ISIC = ["A", "F", "G", "H", "I", "P", "Q", "R", "S", "T"]
CATEGORIES = ("mutual_aid", "service", "participation", "campaigning", "leisure")
REASONS = ("no_time", "nobody_asked", "health", "no_information", "no_interest", "cost", "other")
#: Share of hours by occupation (ISCO-08 major groups 0 .. 9) and by field (the sections of ISIC), by type.
ISCO_SHARES = {
    "organization": [0.01, 0.08, 0.24, 0.16, 0.10, 0.20, 0.02, 0.04, 0.02, 0.13],
    "direct": [0.00, 0.01, 0.08, 0.06, 0.05, 0.34, 0.08, 0.12, 0.06, 0.20],
    "family": [0.00, 0.00, 0.04, 0.02, 0.02, 0.48, 0.08, 0.09, 0.03, 0.24],
}
ISIC_SHARES = {
    "organization": [0.02, 0.02, 0.02, 0.01, 0.03, 0.22, 0.24, 0.14, 0.28, 0.02],
    "direct": [0.12, 0.09, 0.06, 0.08, 0.05, 0.10, 0.26, 0.04, 0.05, 0.15],
    "family": [0.10, 0.06, 0.03, 0.06, 0.03, 0.09, 0.35, 0.01, 0.01, 0.26],
}
CATEGORY_SHARES = {
    "organization": [0.22, 0.66, 0.30, 0.16, 0.24],
    "direct": [0.58, 0.42, 0.10, 0.06, 0.14],
    "family": [0.86, 0.18, 0.03, 0.02, 0.05],
}


def chance(logit: Any) -> Any:
    """Return the probability of a logit."""
    return 1 / (1 + np.exp(-logit))


def population(random: np.random.Generator) -> pd.DataFrame:
    """Return every person of the invented population, with their sampling unit."""
    parts = []
    for i, area in enumerate(AREAS):
        for residence in ("urban", "rural"):
            units = int(random.integers(280, 360))
            size = random.integers(40, 81, units)
            unit = np.repeat(np.arange(units), size)
            part = pd.DataFrame({"unit": unit})
            part["area"], part["residence"] = area, residence
            part["shift"] = (0.25, -0.10, -0.35)[i] + (0.15 if residence == "rural" else 0.0)
            part["shift"] += random.normal(0, 0.4, units)[unit]
            parts.append(part)
    people = pd.concat(parts, ignore_index=True)
    n = len(people)
    people["sex"] = np.where(random.random(n) < 0.515, "f", "m")
    people["age"] = 15 + np.floor(70 * random.beta(1.15, 1.9, n)).astype(int)
    level = random.random(n) + np.where(people["residence"] == "urban", 0.12, 0.0)
    people["education"] = np.select([level < 0.3, level < 0.8], ["basic", "secondary"], "tertiary")
    work = random.random(n)
    old = people["age"] >= 65
    people["labour_status"] = np.select(
        [old | (work > 0.68), work > 0.61], ["outside_labour_force", "unemployed"], "employed"
    )
    return people


def volunteering(people: pd.DataFrame, random: np.random.Generator) -> None:
    """Add who helped, how, and how long."""
    n = len(people)
    woman = (people["sex"] == "f").to_numpy()
    schooled = people["education"].map({"basic": -0.4, "secondary": 0.0, "tertiary": 0.5}).to_numpy()
    middle = -np.abs(people["age"].to_numpy() - 45) / 60
    shift = people["shift"].to_numpy()
    logits = {
        "organization": -1.75 + shift + schooled + middle + np.where(woman, -0.05, 0.0),
        "direct": -1.15 + shift + 0.2 * schooled + middle + np.where(woman, 0.22, 0.0),
        "family": -1.20 + 0.5 * shift + middle + np.where(woman, 0.45, 0.0),
    }
    median = {"organization": 9.0, "direct": 6.0, "family": 8.0}
    for kind in TYPES:
        now = random.random(n) < chance(logits[kind])
        year = now | (random.random(n) < chance(logits[kind] - 0.6))
        hours = np.exp(np.log(median[kind]) + random.normal(0, 0.9, n))
        people[f"{kind}_4w"], people[f"{kind}_12m"] = now, year
        people[f"_hours_{kind}"] = np.where(now, np.clip(np.round(hours * 2) / 2, 1, 160), 0.0)


def activities(people: pd.DataFrame, random: np.random.Generator) -> None:
    """Split the hours into one to three activities, each with type, occupation and field."""
    n = len(people)
    done = people[[f"{kind}_4w" for kind in TYPES]].to_numpy()
    slots: list[list[tuple[str, float]]] = []
    twice = random.random(n) < 0.35
    share = random.uniform(0.5, 0.9, n)
    for row in range(n):
        own = [
            (kind, float(people.at[row, f"_hours_{kind}"]))
            for kind, yes in zip(TYPES, done[row], strict=True)
            if yes
        ]
        if len(own) in {1, 2} and twice[row] and own[0][1] >= 3:
            kind, hours = own[0]
            first = float(np.round(hours * share[row] * 2) / 2)
            own = [(kind, first), (kind, hours - first), *own[1:]]
        slots.append([pair for pair in own if pair[1] > 0])
    for k in range(3):
        kind = [one[k][0] if len(one) > k else "" for one in slots]
        people[f"activity{k + 1}_type"] = kind
        people[f"activity{k + 1}_hours"] = [one[k][1] if len(one) > k else 0.0 for one in slots]
        people[f"activity{k + 1}_isco"] = [random.choice(ISCO, p=ISCO_SHARES[t]) if t else "" for t in kind]
        people[f"activity{k + 1}_isic"] = [random.choice(ISIC, p=ISIC_SHARES[t]) if t else "" for t in kind]
    for kind in TYPES:
        people[f"hours_{kind}"] = sum(
            np.where(people[f"activity{k}_type"] == kind, people[f"activity{k}_hours"], 0.0)
            for k in (1, 2, 3)
        )


def opinions(people: pd.DataFrame, random: np.random.Generator) -> None:
    """Add the categories of volunteers and the reasons of those who did not."""
    n = len(people)
    helped = people[[f"{kind}_4w" for kind in TYPES]].to_numpy()
    none = 1 - np.stack(
        [np.where(helped[:, [i]], np.array(CATEGORY_SHARES[kind]), 0.0) for i, kind in enumerate(TYPES)]
    )
    chosen = random.random((n, len(CATEGORIES))) < 1 - none.prod(axis=0)
    first = np.where(helped[:, 0], 1, 0)  # who names no category gets the commonest of their type
    chosen[np.arange(n), first] |= ~chosen.any(axis=1)
    words = [" ".join(c for c, yes in zip(CATEGORIES, row, strict=True) if yes) for row in chosen]
    people["categories"] = np.where(helped.any(axis=1), words, "")
    year = people[[f"{kind}_12m" for kind in TYPES]].to_numpy().any(axis=1)
    reason = random.choice(REASONS, n, p=[0.38, 0.2, 0.12, 0.11, 0.1, 0.04, 0.05])
    people["reason_not_volunteering"] = np.where(year, "", reason)


def truth(people: pd.DataFrame) -> dict[str, float]:
    """Return the parameters of the whole population, by name."""
    strict = people["organization_4w"] | people["direct_4w"]
    wide = strict | people["family_4w"]
    hours = people["hours_organization"] + people["hours_direct"]
    women = people["sex"] == "f"
    out: dict[str, float] = {"population": len(people)}
    for rule, helped, given in (("2013", strict, hours), ("2011", wide, hours + people["hours_family"])):
        out[f"V01.{rule}"] = 100 * helped.mean()
        out[f"V02.{rule}"] = helped.sum()
        out[f"V06.{rule}"] = given.sum() / helped.sum()
        out[f"V07.{rule}"] = 13 * given.sum()
        out[f"V08.{rule}"] = 13 * given.sum() / 2080
    for area in AREAS:
        out[f"V01.2013.area_{area}"] = 100 * strict[people["area"] == area].mean()
    rate = {code: 100 * strict[people["sex"] == code].mean() for code in ("f", "m")}
    out |= {"V01.2013.sex_f": rate["f"], "V01.2013.sex_m": rate["m"]}
    out["V03"] = 100 * people["organization_4w"].mean()
    out["V04.2013"] = 100 * people["direct_4w"].mean()
    out["V04.2011"] = 100 * (people["direct_4w"] | people["family_4w"]).mean()
    out["V05.2013"] = 100 * (people["organization_4w"] & people["direct_4w"]).sum() / strict.sum()
    for code, stem, codes in (("V11", "isco", ISCO), ("V12", "isic", ISIC)):
        for group in codes:
            of_group = sum(
                people[f"activity{k}_hours"].where(
                    people[f"activity{k}_type"].isin(["organization", "direct"]) & (people[f"activity{k}_{stem}"] == group), 0.0
                ).sum()
                for k in (1, 2, 3)
            )  # fmt: skip
            out[f"{code}.2013.{group}"] = 100 * of_group / hours.sum()
    for name in CATEGORIES:
        chose = people["categories"].str.split().map(lambda codes, name=name: name in codes)
        out[f"V13.2013.{name}"] = 100 * (chose & strict).sum() / strict.sum()
    out["V14.2013.difference"] = rate["f"] - rate["m"]
    out["V14.2013.ratio"] = rate["f"] / rate["m"]
    out["V15.2013"] = 100 * (people["organization_12m"] | people["direct_12m"]).mean()
    asked = people["reason_not_volunteering"] != ""
    for name in REASONS:
        out[f"V16.{name}"] = 100 * (people["reason_not_volunteering"] == name).sum() / asked.sum()
    assert women.any()
    return out


def sample(people: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Draw 25 units in each of the six strata, 20 persons in each unit, and weight by the inverse chances."""
    drawn = []
    for (area, residence), stratum in people.groupby(["area", "residence"], sort=True):
        units = stratum["unit"].unique()
        for unit in np.sort(random.choice(units, 25, replace=False)):
            members = stratum[stratum["unit"] == unit]
            chosen = members.sample(20, random_state=random)
            weight = len(units) / 25 * len(members) / 20
            drawn.append(
                chosen.assign(
                    stratum=f"{area}-{residence}",
                    psu=f"{area}-{residence}-{unit:03d}",
                    weight=round(weight, 4),
                )
            )
    return pd.concat(drawn).sort_values(["stratum", "psu"], kind="stable").reset_index(drop=True)


def answers(people: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Turn persons into answers as a file would hold them: codes, and codes for why an answer is missing."""
    n = len(people)
    out = people[
        ["weight", "stratum", "psu", "area", "residence", "sex", "age", "education", "labour_status"]
    ].copy()
    out.insert(0, "person", [f"P{i:04d}" for i in range(1, n + 1)])
    out["education"] = out["education"].where(random.random(n) > 0.006, "-9")
    for period in ("4w", "12m"):
        for kind in TYPES:
            said = pd.Series(np.where(people[f"{kind}_{period}"], "yes", "no"))
            luck = random.random(n)
            out[f"{kind}_{period}"] = said.mask(luck < 0.003, "-8").mask(luck > 0.998, "-9")
    unsure = {kind: random.random(n) < 0.012 for kind in TYPES}
    for kind in TYPES:
        hours = people[f"hours_{kind}"].map("{:g}".format)
        hours = hours.mask(unsure[kind], "-8").where(out[f"{kind}_4w"] == "yes", "-1")
        out[f"hours_{kind}"] = hours
    for k in (1, 2, 3):
        kind = people[f"activity{k}_type"]
        there = pd.Series(kind != "")
        for one in TYPES:
            there &= ~((kind == one) & (out[f"{one}_4w"] != "yes"))
        lost = pd.Series(False, index=out.index)
        for one in TYPES:
            lost |= (kind == one) & unsure[one]
        out[f"activity{k}_type"] = kind.where(there, "-1")
        out[f"activity{k}_hours"] = (
            people[f"activity{k}_hours"].map("{:g}".format).mask(lost, "-8").where(there, "-1")
        )
        for stem in ("isco", "isic"):
            coded = people[f"activity{k}_{stem}"].mask(random.random(n) < 0.02, "-8")
            out[f"activity{k}_{stem}"] = coded.where(there, "-1")
    asked = (out[[f"{kind}_4w" for kind in TYPES]] == "yes").any(axis=1)
    out["categories"] = people["categories"].mask(random.random(n) < 0.005, "-9").where(asked, "-1")
    never = (out[[f"{kind}_12m" for kind in TYPES]] == "no").all(axis=1) & ~asked
    reason = people["reason_not_volunteering"].mask(random.random(n) < 0.01, "-9")
    out["reason_not_volunteering"] = reason.where(never, "-1")
    return out


def write_truth(values: dict[str, float], path: Path) -> None:
    """Put the truth between its marks in the declaration."""
    lines = "".join(f'  truth.{name}: "{value:.6g}"\n' for name, value in values.items())
    text = path.read_text(encoding="utf-8")
    new = re.sub(
        r"(  # truth begins\n).*?(  # truth ends\n)", lambda m: f"{m[1]}{lines}{m[2]}", text, flags=re.DOTALL
    )
    path.write_text(new, encoding="utf-8", newline="\n")


def main() -> None:
    """Write the sample and the truth."""
    random = np.random.default_rng(SEED)
    people = population(random)
    volunteering(people, random)
    activities(people, random)
    opinions(people, random)
    frame = answers(sample(people, random), random)
    frame.to_csv(HERE / "files/vol_work_synthetic.csv", index=False, lineterminator="\n", encoding="utf-8")
    write_truth(truth(people), HERE / "vol_work_synthetic.yaml")


if __name__ == "__main__":
    main()
