"""Why somebody is not let in, by what they can do about it. Views have the words; none of these changed anything."""


class Refusal(Exception):
    """Somebody is not let in. `because` is what the service itself says about it, in plain words; mostly nothing."""

    def __init__(self, because: str = "") -> None:
        super().__init__(because)
        self.because = because


class NotEntered(Refusal):
    """The service knows this visitor, but there is no account for them here."""


class DistrictUnknown(NotEntered):
    """Their district is not connected: its administrator must do that first."""


class NoClassYet(NotEntered):
    """A student none of whose teachers has imported a class."""


class NotOnLicense(NotEntered):
    """A teacher or other grown-up whom nobody has put on a license."""


class NotInRoster(NotEntered):
    """Their district is connected but does not share them."""


class SwitchedOff(NotEntered):
    """Their account was disabled."""


class SwitchedOffThere(NotEntered):
    """Their district's roster says that they may not sign in."""


class ParentAccount(NotEntered):
    """A parent or guardian, whom nobody has invited: nothing here is for them."""


class NotAccepted(Refusal):
    """An invitation can't be accepted in this way."""


class UnknownInvitation(NotAccepted):
    """There is no such invitation."""


class ExpiredInvitation(NotAccepted):
    """It is older than a week."""


class UsedInvitation(NotAccepted):
    """It was accepted before."""


class RevokedInvitation(NotAccepted):
    """Whoever sent it took it back."""


class SeatsFull(NotAccepted):
    """Every teacher seat of the license is taken."""


class AddressTakenHere(NotAccepted):
    """Its address logs in to an account of the same district: they must log in first."""


class AddressTakenElsewhere(NotAccepted):
    """Its address logs in to an account that has nothing to do with this district."""


class OtherDistrict(NotAccepted):
    """The visitor belongs to a district that is not the inviting one."""


class OtherPerson(NotAccepted):
    """The invitation waits for another person."""


class MemberAlready(NotAccepted):
    """The visitor is a member by another invitation: this one would only be lost to whom it was sent."""


class StudentRefused(NotAccepted):
    """Their district's roster says that they are a student."""


class LinkTaken(Refusal):
    """The service's user already has an account here that is in use."""
