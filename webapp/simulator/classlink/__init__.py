"""ClassLink, played: LaunchPad, nodeapi and the roster proxy, in front of the OneRoster server next door."""
