"""每天: arrivals, roll call, absence, calls, paper."""
