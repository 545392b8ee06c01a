"""jsonata-python held in bounds; the only place that touches the library.

    library     the library itself, imported without its side effect; values in and out
    purse       what an evaluation may use up
    patterns    regular expressions that can time out
    functions   the built-in functions, paying for what they walk over
    evaluation  one evaluation, with an environment and a clock of its own
    syntax      compiling, and what an expression reads
    errors      the library's errors in words for the author of an expression

The library evaluates; the purse counts. All work is paid in steps: every node evaluated, and
every string, list and tree that a built-in function walks over, so that time and memory are
bounded without a clock. (The exception is a regular expression: nothing counts within one, so
it has seconds.) Depth is counted apart, well below what the native stack bears.

The library takes 35 ms to import, and most placeholders do without: import these modules, errors
apart, where they are needed. Nothing here does I/O. May import of the project only
harness.core.javascript.
"""
