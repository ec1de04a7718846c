"""服务券: taken, used, undone, expired; the phones that serve for a partner."""
