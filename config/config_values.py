"""Reads the assignments of a Python config without running it: constants, lists, tuples, dicts,
OrderedDict([...]), 'a, b'.split(', '), arithmetic on numbers, and filters over lists. Anything else is
refused with its line."""
import ast
import operator

LARGEST_NUMBER = 1e12
MOST_ITEMS = 10_000

ARITHMETIC = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
              ast.Div: operator.truediv}
TEXT_TESTS = {"startswith": str.startswith, "endswith": str.endswith}


class NotPlain(Exception):
    """The config says something that only running it could tell."""


class Values:
    """The names that a config assigns, in the order of its lines; names of refused lines and why."""

    def __init__(self, source):
        self.names = {}
        self.refused = {}
        for statement in ast.parse(source).body:
            if not isinstance(statement, ast.Assign):
                continue
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    self._assign(target.id, statement)

    def _assign(self, name, statement):
        self.names.pop(name, None)
        self.refused.pop(name, None)
        try:
            self.names[name] = self.value(statement.value, {})
        except NotPlain as reason:
            self.refused[name] = f"line {statement.lineno}: {reason}"

    def value(self, node, scope):
        handler = getattr(self, "_" + type(node).__name__.lower(), None)
        if handler is None:
            raise NotPlain(f"{type(node).__name__} is not read without running the file")
        return handler(node, scope)

    def _constant(self, node, scope):
        return node.value

    def _name(self, node, scope):
        for names in (scope, self.names):
            if node.id in names:
                return names[node.id]
        raise NotPlain(f"{node.id} is not known")

    def _list(self, node, scope):
        return [self.value(item, scope) for item in node.elts]

    _tuple = _list

    def _dict(self, node, scope):
        return {self.value(key, scope): self.value(item, scope)
                for key, item in zip(node.keys, node.values) if key is not None}

    def _unaryop(self, node, scope):
        value = self.value(node.operand, scope)
        if isinstance(node.op, ast.Not):
            return not value
        if isinstance(node.op, ast.USub) and isinstance(value, (int, float)):
            return -value
        raise NotPlain("only - and not stand before a value")

    def _binop(self, node, scope):
        left, right = self.value(node.left, scope), self.value(node.right, scope)
        plus = isinstance(node.op, ast.Add) and type(left) is type(right) and isinstance(left, (str, list))
        numbers = all(isinstance(side, (int, float)) for side in (left, right))
        if type(node.op) not in ARITHMETIC or not (plus or numbers):
            raise NotPlain("arithmetic is read for numbers, + for texts and lists too")
        try:
            result = ARITHMETIC[type(node.op)](left, right)
        except ArithmeticError as error:
            raise NotPlain(str(error)) from error
        if numbers and abs(result) > LARGEST_NUMBER:
            raise NotPlain("the number is too large")
        return result

    def _boolop(self, node, scope):
        values = (self.value(item, scope) for item in node.values)
        return all(values) if isinstance(node.op, ast.And) else any(values)

    def _compare(self, node, scope):
        if len(node.ops) != 1:
            raise NotPlain("chains of comparisons are not read")
        left, right = self.value(node.left, scope), self.value(node.comparators[0], scope)
        tests = {ast.Eq: lambda: left == right, ast.NotEq: lambda: left != right,
                 ast.In: lambda: left in right, ast.NotIn: lambda: left not in right}
        contains = isinstance(node.ops[0], (ast.In, ast.NotIn))
        fits = isinstance(right, (list, dict)) or (isinstance(right, str) and isinstance(left, str))
        if type(node.ops[0]) not in tests or (contains and not fits):
            raise NotPlain("only ==, !=, in and not in are read")
        return tests[type(node.ops[0])]()

    def _call(self, node, scope):
        if node.keywords:
            raise NotPlain("calls with keywords are not read")
        arguments = [self.value(argument, scope) for argument in node.args]
        if isinstance(node.func, ast.Name) and node.func.id in ("OrderedDict", "dict", "list"):
            return self._container(node.func.id, arguments)
        if isinstance(node.func, ast.Attribute):
            text = self.value(node.func.value, scope)
            plain = isinstance(text, str) and all(isinstance(one, str) for one in arguments)
            if plain and node.func.attr == "split":
                return text.split(*arguments)
            if plain and node.func.attr in TEXT_TESTS and len(arguments) == 1:
                return TEXT_TESTS[node.func.attr](text, arguments[0])
        raise NotPlain("this call is not read without running the file")

    @staticmethod
    def _container(kind, arguments):
        items = arguments[0] if arguments else []
        if kind == "list" and isinstance(items, (list, dict)):
            return list(items)
        if isinstance(items, dict):
            return items
        if not isinstance(items, list) or any(not isinstance(one, list) or len(one) != 2 for one in items):
            raise NotPlain(f"{kind} is read with a list of pairs")
        return dict(items)

    def _listcomp(self, node, scope):
        loop = node.generators[0]
        if len(node.generators) != 1 or not isinstance(loop.target, ast.Name):
            raise NotPlain("only a filter over one list is read")
        items = self.value(loop.iter, scope)
        if not isinstance(items, (list, dict)) or len(items) > MOST_ITEMS:
            raise NotPlain(f"only a filter over a list of at most {MOST_ITEMS} is read")
        result = []
        for item in items:
            inner = {**scope, loop.target.id: item}
            if all(self.value(test, inner) for test in loop.ifs):
                result.append(self.value(node.elt, inner))
        return result
