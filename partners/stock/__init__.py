"""物资: the community's own gift counter, its stock book and stock-taking."""
