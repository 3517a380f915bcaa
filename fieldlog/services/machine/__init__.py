"""The machine FieldLog runs on: its clock, ids, disks, threads and zone; files that come and go; long work."""
