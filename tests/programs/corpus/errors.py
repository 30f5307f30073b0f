"""Why a program could not be built or did not do what it should."""


class Skip(Exception):
    """Something that this machine lacks (a network, a package); the text says what. Not a failure of the project."""


class Failure(Exception):
    """Something went wrong that is ours to mend; the text says what."""
