"""How fast, how lean and how right: sklearn_sslm next to others, on any text file.

``python -m benchmarks TRAIN.txt [TEST.txt]`` makes a table of speeds and memory,
``python -m benchmarks.parity`` compares with figures of KenLM.
"""
