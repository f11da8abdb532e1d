"""A OneRoster 1.1 server, played: records, paths, filters, pages. Who may ask is the business of ClassLink's proxy."""
