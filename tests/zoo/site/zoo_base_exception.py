"""It raises what `except Exception` does not catch."""


class Odd(BaseException):
    pass


raise Odd("beyond Exception")
