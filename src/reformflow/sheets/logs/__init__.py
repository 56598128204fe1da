"""Logs that other systems keep: tables and XES files, read into lines as a ledger's."""

from reformflow.sheets.logs.maps import LogMap, read_map
from reformflow.sheets.logs.reading import Claim, Log, read_log

__all__ = ["Claim", "Log", "LogMap", "read_log", "read_map"]
