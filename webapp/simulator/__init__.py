"""The stand-in for the outside: a made-up district that speaks Clever's and ClassLink's own JSON over real HTTP.

Here live the districts, what changes in them, both services' sign-in and roster addresses, their faults, and the
steering of it all. It knows only the services' words: nothing of ours may be imported here, and nobody but the
`commands` room and the tests starts it.
"""
