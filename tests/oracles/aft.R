# Interval-censored AFT models of the made sieges by survreg, at a tight tolerance.
library(survival)
sieges <- read.csv("sieges.csv")
left <- ifelse(sieges$duration_days_min == 0, NA, sieges$duration_days_min)
right <- ifelse(is.infinite(sieges$duration_days_max), NA, sieges$duration_days_max)
rows <- lapply(c("weibull", "lognormal", "loglogistic"), function(distribution) {
  fit <- survreg(Surv(left, right, type = "interval2") ~ prior_deal + population_thousands + besieger, sieges,
                 dist = distribution, control = survreg.control(rel.tolerance = 1e-15, maxiter = 500))
  data.frame(distribution, term = c("intercept", "prior_deal", "population_thousands", "besieger: militia",
                                    "besieger: opposition", "log_scale"),
             coefficient = c(coef(fit), log(fit$scale)), std_error = sqrt(diag(fit$var)), log_likelihood = fit$loglik[2])
})
write.csv(format(do.call(rbind, rows), digits = 12, trim = TRUE), "aft.csv", row.names = FALSE, quote = FALSE)
