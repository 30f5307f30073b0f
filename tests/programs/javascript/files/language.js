// What a JavaScript program is made of: closures, prototypes, exceptions, regular expressions, JSON, numbers as text.
print(typeof scriptArgs, [1, 2, 3].map(function (x) { return x * x }).join());

function Shape(name) { this.name = name }
Shape.prototype.area = function () { return 0 };
Shape.prototype.toString = function () { return this.name + ':' + this.area().toFixed(3) };
function Circle(r) { Shape.call(this, 'circle'); this.r = r }
Circle.prototype = Object.create(Shape.prototype);
Circle.prototype.area = function () { return Math.PI * this.r * this.r };
print(new Circle(2), new Circle(2) instanceof Shape, Object.keys(new Circle(1)).join());

function thrower(depth) {
  if (depth === 0) throw new RangeError('deep enough');
  try { return thrower(depth - 1) + 1 } finally { thrower.unwound = (thrower.unwound || 0) + 1 }
}
for (var i = 0; i < 5; ++i) { try { thrower(20) } catch (e) { print(e.name, e.message, thrower.unwound) } }
try { null.x } catch (e) { print(e instanceof TypeError) }
try { eval('var 1x') } catch (e) { print(e.name) }
try { (function f() { f() })() } catch (e) { print(e.name) }

print('2024-02-29, 1999-12-31'.replace(/(\d+)-(\d+)-(\d+)/g, '$3.$2.$1'), /(a+)(b+)?/.exec('xaab').join('|'));
print('a,b;c'.split(/[,;]/).length, 'Straße'.toUpperCase(), '\u20ac'.charCodeAt(0), 'abc'.localeCompare('abd'));
var value = { n: [1, 2.5, -0, 1e21, 1e-7, null, true], s: 'quote " \\ \n', o: { deep: { deeper: {} } } };
print(JSON.stringify(value), JSON.stringify(JSON.parse(JSON.stringify(value))) === JSON.stringify(value));
print(0.1 + 0.2, 1 / 3, 123456789012345680000, 5e-324, 1.7976931348623157e308, (255).toString(16), (0.5).toString(2));
print(parseInt('0x1f'), parseFloat('3.14abc'), Number(''), +'x', 7 >>> 1, -7 >> 1, -7 >>> 28, ~5, 1 << 31);
print([5, 1, 10].sort().join(), [5, 1, 10].sort(function (a, b) { return a - b }).join(), [3, 4].concat([[5]]).length);
print(new Date(86400000 * 365.25 * 30).toISOString(), Date.UTC(2000, 1, 29), isNaN(new Date('nonsense')));
var counter = (function () { var n = 0; return { next: function () { return ++n } } })();
counter.next(); print(counter.next(), Object.getOwnPropertyNames(counter).join(), Array.isArray([]), void 0);
label: for (var a = 0; ; ++a) { for (var b = 0; b < 3; ++b) { if (a * b === 4) break label; if (b > a) continue label } }
print(a, b);
