"""The centre's pages, on a phone held in one hand: caregivers and their lead (/care/)."""
