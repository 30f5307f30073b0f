// Integers, floats, strings, objects and sorting; the sizes suit an interpreter in an interpreter.
function sieve(n) {
  var flags = [], count = 0, i, j;
  for (i = 2; i <= n; ++i) flags[i] = true;
  for (i = 2; i <= n; ++i) if (flags[i]) { ++count; for (j = i + i; j <= n; j += i) flags[j] = false }
  return count;
}
function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2) }
function mandel(size) {
  var inside = 0;
  for (var y = 0; y < size; ++y) for (var x = 0; x < size; ++x) {
    var a = 0, b = 0, n = 0, ca = x * 3 / size - 2.2, cb = y * 3 / size - 1.5;
    while (n < 40 && a * a + b * b < 4) { var t = a * a - b * b + ca; b = 2 * a * b + cb; a = t; ++n }
    if (n === 40) ++inside;
  }
  return inside;
}
function tree(depth) { return depth ? { l: tree(depth - 1), r: tree(depth - 1) } : null }
function size(node) { return node ? 1 + size(node.l) + size(node.r) : 0 }
function text(n) {
  var parts = [], seed = 1;
  for (var i = 0; i < n; ++i) { seed = seed * 16807 % 2147483647; parts.push(String.fromCharCode(97 + seed % 26)) }
  return parts.join('').replace(/[aeiou]+/g, '-').split('-').sort().slice(0, 3).join();
}
// MuJS hands over arguments; for Duktape `-e` sets a variable.
var times = typeof scriptArgs === 'undefined' ? this.scale || 1 : +scriptArgs[0] || 1;
for (var round = 0; round < times; ++round)
  print(sieve(20000), fib(19), mandel(40), size(tree(12)), text(10000));
