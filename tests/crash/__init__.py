"""`make crash`: kill -9 in the middle of redemptions, start again, and compare the books with what people were told."""
