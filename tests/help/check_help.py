#!/usr/bin/env python3
"""Checks cloche help, man and completion.

  check_help.py CLOCHE SOURCE_FOLDER

Topics are printed as they stand in docs/topics, and every module in them validates. Every verb has a manual page and
words to complete, the same options as its --help; the bash script completes verbs, topics and options.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

cloche = os.path.abspath(sys.argv[1])
source = sys.argv[2]
failures = []


def check(good, what):
    if not good:
        failures.append(what)


def say(*words, **more):
    done = subprocess.run([cloche] + list(words), capture_output=True, timeout=60, encoding="utf-8", **more)
    return done.stdout, done.stderr, done.returncode


def rows(text):
    return [line.split("\t") for line in text.splitlines()]


# Topics
folder = os.path.join(source, "docs", "topics")
topics = sorted(name[:-3] for name in os.listdir(folder) if name.endswith(".md"))
check(set(topics) >= {"value-stack", "linear-memory", "shadow-stack", "traps", "validation", "segments"}, "topics")
overview = say("help")[0]
modules = 0
for topic in topics:
    with open(os.path.join(folder, topic + ".md"), encoding="utf-8") as file:
        text = file.read()
    check(say("help", topic) == (text, "", 0), "help " + topic)
    check(topic in overview, "help lists " + topic)
    check(max(map(len, text.splitlines())) <= 90, topic + " has lines that are too long")
    for block in re.findall(r"(?:^    .*\n|^\n)+", text, re.M):
        if block.strip().startswith("(module"):
            modules += 1
            _, error, code = say("validate", "-", input=block)
            check(code == 0, topic + ": " + block + error)
check(modules >= 5, "modules in topics")
check("did you mean 'segments'" in say("help", "segmnets")[1], "a misspelled topic")
check(say("help", "validate")[0] == say("validate", "--help")[0], "help VERB is its --help")

# Manual pages and words
verbs = [row[0] for row in rows(say("completion", "words")[0])]
check(len(verbs) >= 6 and "run" in verbs and "help" in verbs, "verbs: " + str(verbs))
for verb in verbs:
    page, error, code = say("man", verb)
    check(code == 0 and page.startswith(".TH ") and ".SH OPTIONS" in page, "man " + verb + error)
    options = {row[0] for row in rows(say("completion", "words", verb)[0])}
    listed = set(re.findall(r"^  (?:-\w, )?(--?[\w-]+)", say(verb, "--help")[0], re.M))
    check(options == listed, "options of %s: %s" % (verb, options ^ listed))
    check(all(option.replace("-", "\\-") in page for option in options), "options in man " + verb)
check(say("man")[0].startswith(".TH CLOCHE"), "man")
check(say("man", "nothing")[2] == 2, "man of nothing")

# Completion in a shell
check(say("completion", "tcsh")[2] == 2, "an unknown shell")
for shell in ("bash", "zsh", "fish"):
    with open(os.path.join(source, "src", "cli", "completion", shell), encoding="utf-8") as file:
        check(say("completion", shell)[0] == file.read(), "completion " + shell)
PATH = {**os.environ, "PATH": os.path.dirname(cloche) + os.pathsep + os.environ.get("PATH", "")}


def in_bash(line):
    words = line.split(" ")
    script = 'eval "$(cloche completion bash)"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); ' \
             'function=$(complete -p "$1"); function=${function#*-F }; ${function%% *}; printf "%s\\n" "${COMPREPLY[@]}"'
    done = subprocess.run(["bash", "-c", script, "bash"] + words, capture_output=True, encoding="utf-8", env=PATH)
    return done.stdout.split() + ["stderr: " + done.stderr] * bool(done.stderr)


def in_zsh(line):
    """Its completion system is loaded; what is found is taken where it would be shown."""
    script = """autoload -Uz compinit; compinit -D -u; source <(cloche completion zsh)
        _describe() { for each in ${(P)2}; do print -r -- ${each%%:*}; done }
        _values() { shift; print -rl -- $@ }
        _files() { }
        words=("$@"); CURRENT=$#; ${_comps[$1]}"""
    done = subprocess.run(["zsh", "-f", "-c", script, "zsh"] + line.split(" "), capture_output=True, encoding="utf-8", env=PATH)
    start = line.rsplit(" ", 1)[1]
    return [word for word in done.stdout.split("\n") if word and word.startswith(start)] + ["stderr: " + done.stderr] * bool(done.stderr)


def in_fish(line):
    script = "cloche completion fish | source; complete -C '%s'" % line
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(["fish", "--no-config", "-c", script], capture_output=True, encoding="utf-8", cwd=home,
                              env=PATH | {"HOME": home, "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home})
    # It also offers what has the word in its middle, the best first.
    start = line.rsplit(" ", 1)[1]
    found = [row.split("\t")[0] for row in done.stdout.splitlines()]
    return [word for word in found if word.startswith(start)] + ["stderr: " + done.stderr] * bool(done.stderr)


for shell, complete in (("bash", in_bash), ("zsh", in_zsh), ("fish", in_fish)):
    if shutil.which(shell) is None:
        print("no %s here: its completion is not tried" % shell)
        continue
    for line, wanted in (("cloche vali", ["validate"]), ("cloche help seg", ["segments"]), ("cloche man expl", ["explain"]),
                         ("cloche validate --mess", ["--message-format"]), ("cloche completion zs", ["zsh"]),
                         ("wasm-objdump --section-", ["--section-offsets"]), ("cloche validate x", [])):
        found = complete(line)
        check(found == wanted, "%s: %s gives %s, expected %s" % (shell, line, found, wanted))

for failure in failures:
    print("FAILED " + failure)
print("%d topics, %d verbs" % (len(topics), len(verbs)))
sys.exit(1 if failures else 0)
