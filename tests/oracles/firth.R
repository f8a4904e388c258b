# Firth's logistic regression (brglm2, Jeffreys' penalty) of a small made table with a separated term, and Fisher's test.
library(brglm2)
set.seed(7)
n <- 36
deals <- data.frame(evacuation = rbinom(n, 1, 0.5), russia = rbinom(n, 1, 0.3), size = round(rnorm(n), 2))
deals$held <- as.integer(runif(n) < plogis(-0.3 + 0.8 * deals$evacuation + 0.6 * deals$size))
deals$held[deals$russia == 1] <- 1L
deals$besieger <- sample(c("army", "militia", "opposition"), n, replace = TRUE)
write.csv(deals, "deals.csv", row.names = FALSE, quote = FALSE)
fit <- glm(held ~ evacuation + russia + size, binomial, deals, method = "brglmFit", type = "MPL_Jeffreys",
           epsilon = 1e-12, maxit = 1000)
out <- data.frame(term = c("intercept", "evacuation", "russia", "size"), coefficient = unname(coef(fit)))
write.csv(format(out, digits = 12, trim = TRUE), "firth.csv", row.names = FALSE, quote = FALSE)
p <- function(a, b) fisher.test(table(a, b), workspace = 1e7)$p.value
out <- data.frame(row = c("russia", "besieger"), column = c("held", "held"),
                  p_value = c(p(deals$russia, deals$held), p(deals$besieger, deals$held)))
write.csv(format(out, digits = 12, trim = TRUE), "fisher.csv", row.names = FALSE, quote = FALSE)
