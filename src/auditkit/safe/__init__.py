"""What strangers wrote or drew, made safe to put on a page or into a spreadsheet; and files written whole."""
