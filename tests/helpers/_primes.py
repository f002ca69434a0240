"""The corpus *primes*, that anyone can make: numbers as their prime factors."""


def prime_factors(number):
    """The prime factors in rising order: ``60 -> [2, 2, 3, 5]``."""
    factors, divisor = [], 2
    while divisor * divisor <= number:
        while number % divisor == 0:
            factors.append(divisor)
            number //= divisor
        divisor += 1
    return [*factors, number] if number > 1 else factors
