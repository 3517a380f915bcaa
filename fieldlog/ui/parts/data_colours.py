"""The colours in which data is drawn: time past midnight, bars of sessions, heat, departments; a set a look.

None of them speaks alone: a bar has a lane or a name, a cell its number, a department a code or a name beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fieldlog.model.departments import GROUPS


@dataclass(frozen=True, kw_only=True)
class Data:
    """`dark` is the ground of what lies past midnight, `on_dark` words on it.

    `bars` are for sessions before midnight, `bars_past` on `dark`: shoot, talk and rest. A bar of rest before
    midnight has a line of `rest_line`. `heat` are five grounds from few to many; words on them are `heat_ink`.
    `departments` has a colour for each of the groups in `model/departments.py`; `department` finds it.
    """

    dark: str
    on_dark: str
    bars: Mapping[str, str]
    rest_line: str
    bars_past: Mapping[str, str]
    heat: tuple[str, str, str, str, str]
    heat_ink: tuple[str, str, str, str, str]
    departments: Mapping[str, str]

    def department(self, group: str) -> str:
        """The colour of a group; of "" and of one that is not known, slate as production has it."""
        return self.departments.get(group, self.departments["production"])


def data(
    *, dark: str, on_dark: str, primary: str, past: tuple[str, str, str], heat: tuple[str, str, str, str, str],
    inks: tuple[str, str], departments: tuple[str, str, str, str, str, str, str, str],
) -> Data:  # fmt: skip
    """`past` are shoot, talk, rest; `inks` the words on light heat (0 to 2) and on strong (3, 4)."""
    few, many = inks
    return Data(
        dark=dark,
        on_dark=on_dark,
        bars={"shoot": primary, "talk": heat[3], "rest": heat[2]},
        rest_line=heat[3],
        bars_past=dict(zip(("shoot", "talk", "rest"), past, strict=True)),
        heat=heat,
        heat_ink=(few, few, few, many, many),
        departments=dict(zip(GROUPS, departments, strict=True)),
    )


DAYLIGHT_DATA = data(
    dark="#10171A",
    on_dark="#F4F6F6",
    primary="#0A5563",
    past=("#7FCEDC", "#4FA3B3", "#3A7B88"),
    heat=("#E4E9EA", "#CDE6EA", "#93C8D1", "#2A7885", "#0A5563"),
    inks=("#10171A", "#FFFFFF"),
    departments=("#5C6B73", "#2F62C9", "#7A4FB5", "#0A7A8C", "#5D781D", "#A8437F", "#8A5A1C", "#2C7D4F"),
)
NIGHT_DATA = data(
    dark="#2B363C",
    on_dark="#E5EBED",
    primary="#7FCEDC",
    past=("#7FCEDC", "#4FA3B3", "#4F8F9B"),
    heat=("#1A2125", "#123139", "#0D4652", "#3C97A8", "#7FCEDC"),
    inks=("#E5EBED", "#090D0F"),
    departments=("#A9B7BE", "#8FB2FF", "#C3A3F0", "#5CC3D3", "#B5CC74", "#EFA0CB", "#D9AE73", "#7FCFA0"),
)
BLACKOUT_DATA = data(
    dark="#2C2823",
    on_dark="#C2B59C",
    primary="#C2B59C",
    past=("#C2B59C", "#A0947D", "#8A7F6C"),
    heat=("#0B0A09", "#1E1B16", "#332D25", "#8A7F6C", "#C2B59C"),
    inks=("#ADA497", "#000000"),
    departments=("#8E8980", "#8592AE", "#9C8BAE", "#7A9C9C", "#939A72", "#B08599", "#AD9068", "#7F9E87"),
)
SUN_DATA = data(
    dark="#000000",
    on_dark="#FFFFFF",
    primary="#00333D",
    past=("#A6E4EE", "#63B7C6", "#4A8E9B"),
    heat=("#F2F2F2", "#D6ECEF", "#8CC2CC", "#1F6775", "#00333D"),
    inks=("#000000", "#FFFFFF"),
    departments=("#3C474D", "#0E3F9E", "#552A8F", "#00525F", "#3F5405", "#7F1F58", "#633B05", "#0B5530"),
)
