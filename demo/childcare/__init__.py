"""幸福托管中心 of 文源社区: 126 children in four classes, a month of their days, and two months of bills."""
