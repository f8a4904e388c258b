# The NPMLE by constrained Newton (npsurv): intervals, masses and log-likelihood of three tables.
library(npsurv)
cosmesis <- read.csv("breast_cosmesis.csv")
sieges <- read.csv("sieges.csv")
tables <- list(Rad = cosmesis[cosmesis$treatment == "Rad", 1:2], RadChem = cosmesis[cosmesis$treatment == "RadChem", 1:2],
               sieges = sieges[, c("duration_days_min", "duration_days_max")])
rows <- lapply(names(tables), function(name) {
  fit <- npsurv(as.matrix(tables[[name]]), tol = 1e-12)
  data.frame(table = name, left = fit$f$left, right = fit$f$right, mass = fit$f$p, log_likelihood = fit$ll)
})
out <- do.call(rbind, rows)
write.csv(format(out, digits = 12, trim = TRUE), "npmle.csv", row.names = FALSE, quote = FALSE)
