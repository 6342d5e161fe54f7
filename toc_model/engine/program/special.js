// Functions that laws are made of and JavaScript lacks, as accurate as double numbers allow.
const special = (() => {
  "use strict";

  // An effect of 0 makes nothing of anything, not even of what is infinite.
  const times = (effect, x) => {
    const product = effect * x;
    return product !== product && effect === 0 ? 0 : product;
  };

  const logistic = (x) => {
    const small = Math.exp(-Math.abs(x));
    return (x < 0 ? small : 1) / (1 + small);
  };

  // Near a half the two logarithms are small, and their difference keeps its digits.
  const logit = (p) => {
    if (p > 0.3 && p < 0.65) {
      const twice = 2 * (p - 0.5);
      return Math.log1p(twice) - Math.log1p(-twice);
    }
    return Math.log(p / (1 - p));
  };

  // Ratio of two polynomials, the highest power first.
  const ratio = (x, above, below) => {
    let numerator = above[0];
    let denominator = below[0];
    for (let k = 1; k < above.length; k++) {
      numerator = numerator * x + above[k];
      denominator = denominator * x + below[k];
    }
    return numerator / denominator;
  };

  // W. J. Cody (1969), Rational Chebyshev approximation for the error function, Math. Comp. 23:631, as in CALERF.
  const ERF_ABOVE = [1.85777706184603153e-1, 3.1611237438705656, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3];
  const ERF_BELOW = [1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3];
  const MIDDLE_ABOVE = [2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1, 2.98635138197400131e2, 8.8195222124176909e2, 1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3];
  const MIDDLE_BELOW = [1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3, 3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3];
  const TAIL_ABOVE = [1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1, 1.60837851487422766e-2, 6.58749161529837803e-4];
  const TAIL_BELOW = [1, 2.56852019228982242, 1.87295284992346047, 5.27905102951428412e-1, 6.05183413124413191e-2, 2.33520497626869185e-3];
  const PER_ROOT_PI = 5.6418958354775628695e-1;

  // Probability beyond x standard deviations, from erfc(y) at y = x / sqrt(2) above 0.46875: exp(-x x / 2) times
  // something slow. The square is taken of a short number and the rest apart, so that no digit of it is lost.
  const beyond = (x) => {
    const y = x * Math.SQRT1_2;
    const square = 1 / (y * y);
    const slow = y <= 4
      ? ratio(y, MIDDLE_ABOVE, MIDDLE_BELOW)
      : (PER_ROOT_PI - square * ratio(square, TAIL_ABOVE, TAIL_BELOW)) / y;
    const short = Math.trunc(x * 16) / 16;
    return 0.5 * Math.exp(-short * short / 2) * Math.exp(-(x - short) * (x + short) / 2) * slow;
  };

  const normal_cdf = (x) => {
    const size = Math.abs(x);
    if (size <= 0.66291) {
      const y = x * Math.SQRT1_2;
      return 0.5 + 0.5 * y * ratio(y * y, ERF_ABOVE, ERF_BELOW);
    }
    if (size > 39) return x < 0 ? 0 : 1;
    return x < 0 ? beyond(size) : 1 - beyond(size);
  };

  // M. J. Wichura (1988), Algorithm AS 241: the percentage points of the normal distribution, Applied Statistics 37:477.
  const CENTRE_ABOVE = [2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.387132872796366608];
  const CENTRE_BELOW = [5.226495278852854561e3, 2.8729085735721942674e4, 3.930789580009271061e4, 2.1213794301586595867e4, 5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1];
  const NEAR_ABOVE = [7.7454501427834140764e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258, 3.64784832476320460504, 5.76949722146069140550, 4.63033784615654529590, 1.42343711074968357734];
  const NEAR_BELOW = [1.05075007164441684324e-9, 5.475938084995344946e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940, 2.05319162663775882187, 1];
  const FAR_ABOVE = [2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580, 5.46378491116411436990, 6.65790464350110377720];
  const FAR_BELOW = [2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1];

  const normal_quantile = (p) => {
    const q = p - 0.5;
    if (Math.abs(q) <= 0.425) return q * ratio(0.180625 - q * q, CENTRE_ABOVE, CENTRE_BELOW);
    const smaller = q < 0 ? p : 1 - p;
    if (!(smaller > 0)) return smaller === 0 ? (q < 0 ? -Infinity : Infinity) : NaN;
    const root = Math.sqrt(-Math.log(smaller));
    const size = root <= 5 ? ratio(root - 1.6, NEAR_ABOVE, NEAR_BELOW) : ratio(root - 5, FAR_ABOVE, FAR_BELOW);
    return q < 0 ? -size : size;
  };

  return { times, logistic, logit, normal_cdf, normal_quantile };
})();
