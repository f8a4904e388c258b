# A made table of 80 sieges in 32 towns: durations in whole days, seen through reports that come every few weeks.
# Not real data: it exists so that R and the package can be held against each other.
set.seed(20181006)
n <- 80
town <- sprintf("town%02d", sort(sample(32, n, replace = TRUE)))
besieger <- sample(c("army", "militia", "opposition"), n, replace = TRUE)
prior_deal <- rbinom(n, 1, 0.4)
population_thousands <- round(exp(rnorm(n, 3, 0.8)), 1)
true <- exp(5 + 0.4 * (besieger == "militia") - 0.5 * prior_deal + 0.01 * population_thousands) * rweibull(n, 1.3)
gap <- sample(c(7, 30, 90), n, replace = TRUE)
offset <- sapply(gap, function(g) sample(g, 1))
lo <- pmax(floor((true - offset) / gap) * gap + offset, 0)
hi <- lo + gap
hi[lo == 0] <- pmax(offset[lo == 0], ceiling(true[lo == 0]))
last_report <- sample(200:700, n, replace = TRUE)
lo <- pmin(lo, last_report)
hi[hi > last_report] <- Inf
exact <- rbinom(n, 1, 0.15) == 1 & is.finite(hi)
lo[exact] <- hi[exact] <- pmax(ceiling(true[exact]), 1)
end <- sample(c("deal", "storming", "lifted", "unknown"), n, replace = TRUE, prob = c(4, 2, 2, 1))
end[is.infinite(hi)] <- ""
write.csv(data.frame(place_id = town, duration_days_min = lo, duration_days_max = hi, besieger, prior_deal,
                     population_thousands, how_ended = end), "sieges.csv", row.names = FALSE, quote = FALSE)
