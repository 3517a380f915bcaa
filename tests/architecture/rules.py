"""Every rule of the house."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.architecture.done_in_one_place import (
    clocks_are_read_at_the_front_door,
    files_are_reached_through_the_disk,
    only_faces_catch_everything,
    the_ledgers_file_is_named_in_the_ledger,
    what_folding_keeps_is_named_where_records_are_folded,
    whatever_is_saved_is_saved_in_one_place,
)
from tests.architecture.insides_of_flet import insides_of_flet_stay_in_one_file
from tests.architecture.packages_and_phones import (
    packages_from_outside_stay_in_their_homes,
    phones_are_asked_for_nothing_they_lack,
    what_only_the_laptop_has_is_imported_late,
)
from tests.architecture.rooms_and_folders import (
    a_name_stands_once_in_a_room,
    folders_are_small,
    folders_are_those_of_the_plan,
    folders_know_only_those_below,
    long_files_say_why,
    names_say_what_is_inside,
    no_file_comes_back_to_itself,
    rooms_are_those_of_the_plan,
    rooms_know_only_whom_they_may,
)

RULES: list[Callable[[Path], list[str]]] = [
    rooms_are_those_of_the_plan,
    rooms_know_only_whom_they_may,
    folders_are_those_of_the_plan,
    folders_know_only_those_below,
    folders_are_small,
    long_files_say_why,
    no_file_comes_back_to_itself,
    packages_from_outside_stay_in_their_homes,
    phones_are_asked_for_nothing_they_lack,
    what_only_the_laptop_has_is_imported_late,
    clocks_are_read_at_the_front_door,
    files_are_reached_through_the_disk,
    only_faces_catch_everything,
    what_folding_keeps_is_named_where_records_are_folded,
    whatever_is_saved_is_saved_in_one_place,
    the_ledgers_file_is_named_in_the_ledger,
    names_say_what_is_inside,
    a_name_stands_once_in_a_room,
    insides_of_flet_stay_in_one_file,
]
