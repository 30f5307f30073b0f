var words = 'the quick brown fox jumps over the lazy dog the end'.split(' '), counts = {};
words.forEach(function (word) { counts[word] = (counts[word] || 0) + 1 });
print(Object.keys(counts).sort().map(function (word) { return word + '=' + counts[word] }).join(' '));
