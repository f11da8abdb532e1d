"""The browser that journeys are driven in."""
