"""What programs.py is made of: the catalog, where sources come from, building, running and comparing."""
