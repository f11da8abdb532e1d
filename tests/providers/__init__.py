"""The rostering services, over real HTTP: scripted replies for the wire's manners, the sandbox for whole rosters."""
