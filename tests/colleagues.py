"""More staff for a desk."""

from console.data import staffing
from console.data.desk import Desk
from console.data.records import Actor
from console.data.staffing import StaffDraft


async def add_staff(desk: Desk, who: Actor, login: str, name: str, role: str, email: str = "") -> int:
    """Add a member of staff as an admin does; returns their id."""
    async with desk.change(who, "staff.add") as change:
        return await staffing.add(change, StaffDraft(login=login, name=name, role=role, email=email))
