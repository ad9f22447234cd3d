"""What can't be made again from files: conversations, feedback, accounts. Kept in one database, with migrations."""
