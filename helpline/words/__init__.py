"""The words of the call word: one plain list per language, every one easy to say, easy to hear and about nothing."""
