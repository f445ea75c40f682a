"""Clients who may be the same: found, compared, scored and explained."""
