"""Documents that people take away: tables for spreadsheet programs, and papers to print."""
