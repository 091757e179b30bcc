# Writes R data of every form: Rscript write-seeds.R DIRECTORY. See seeds/README.md.
a <- commandArgs(TRUE)[1]
f <- function(x, y = 2) { if (x > y) for (i in 1:3) x <- x + i else x <- NA; x }
e <- new.env(); assign("v", 1L, e)
delayedAssign("lazy", sum(1:3), assign.env = e)
rich <- list(ints = 1:3, seq = c(1L, NA), reals = c(1.5, NaN), text = c("a", NA, "\u00e9"), flags = c(TRUE, NA), z = 1+2i,
  bytes = as.raw(0:3), f = factor(c("a", "b")), d = data.frame(x = 1:2, y = c("p", "q")), e = e, fn = f, nul = NULL,
  form = y ~ x + 1, ex = expression(a + b), s = quote(x), t = as.Date("2020-01-01"), base = sum, ns = asNamespace("stats"), g = globalenv(),
  b = baseenv(), emp = emptyenv(), pk = as.environment("package:stats"), w = compiler::cmpfun(f), m = lm(dist ~ speed, head(cars, 6))$coefficients)
setClass("P", representation(x = "numeric")); rich$s4 <- new("P", x = 1)
w <- function(n, ...) { con <- file(file.path(a, n), "wb"); serialize(rich, con, ...); close(con) }
saveRDS(rich, file.path(a, "rich.rds"))
saveRDS(rich, file.path(a, "plain.rds"), compress = FALSE)
saveRDS(rich, file.path(a, "v2.rds"), compress = FALSE, version = 2)
saveRDS(rich, file.path(a, "ascii.rds"), compress = FALSE, ascii = TRUE)
w("native.rds", xdr = FALSE)
save(rich, file = file.path(a, "rich.rda"), compress = "xz")
save(rich, file = file.path(a, "ascii.rda"), ascii = TRUE, compress = FALSE)
save(rich, file = file.path(a, "plain.rda"), compress = FALSE)
