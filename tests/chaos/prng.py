# SPDX-License-Identifier: ISC
"""SplitMix64: the same numbers for a seed in every version of Python."""

MASK = (1 << 64) - 1


class Prng:
    def __init__(self, seed):
        self.state = seed & MASK

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def between(self, low, high):
        """An integer from low to high, both included."""
        return low + self.next() % (high - low + 1)

    def percent(self, chance):
        """True in so many of a hundred cases."""
        return self.next() % 100 < chance

    def pick(self, choices):
        return choices[self.next() % len(choices)]

    def pick_weighted(self, table):
        """The value of one of the (weight, value) pairs."""
        rest = self.next() % sum(weight for weight, _ in table)
        for weight, value in table:
            if rest < weight:
                return value
            rest -= weight
        raise AssertionError

    def sample(self, choices, count):
        """So many different ones, in the order of choices."""
        left = list(range(len(choices)))
        taken = [left.pop(self.next() % len(left)) for _ in range(count)]
        return [choices[i] for i in sorted(taken)]
