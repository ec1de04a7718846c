"""协议: drafted, signed by both sides, in force, ended; licences of the partner."""
