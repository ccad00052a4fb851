"""Functions and methods of other languages, and what JSONata has for each. Read only when a name is unknown."""

from collections.abc import Mapping

from asl_lint.late import Final

INSTEAD: Final[Mapping[str, str]] = {
    # size and place
    "len": "$length(text) or $count(array)", "size": "$count(array) or $length(text)", "charAt": "$substring(text, n, 1)",
    "arrayLength": "$count", "strlen": "$length", "indexOf": "$contains, or $length($substringBefore(text, part))",
    "position": "$length($substringBefore(text, part))",
    # texts
    "concat": "the operator & for texts, $append for arrays", "includes": "$contains for a text, `in` for an array",
    "toString": "$string", "str": "$string", "stringify": "$string", "text": "$string", "format": "the operator &",
    "sprintf": "the operator &", "upper": "$uppercase", "ucase": "$uppercase", "toUpper": "$uppercase",
    "toUpperCase": "$uppercase", "lower": "$lowercase", "lcase": "$lowercase", "toLower": "$lowercase",
    "toLowerCase": "$lowercase", "substr": "$substring(text, start, length)", "startsWith": "$substring(text, 0, n) = part",
    "endsWith": "$substring(text, -n) = part", "strip": "$trim", "ltrim": "$trim", "rtrim": "$trim", "padStart": "$pad",
    "padEnd": "$pad", "left": "$substring(text, 0, n)", "right": "$substring(text, -n)", "replaceAll": "$replace",
    "regexReplace": "$replace(text, /pattern/, other)", "test": "$contains(text, /pattern/)",
    "matches": "$contains(text, /pattern/)", "capitalize": "$uppercase($substring(text, 0, 1)) & $substring(text, 1)",
    "repeat": "$pad('', n, text)",
    # numbers
    "toNumber": "$number", "parseInt": "$number", "parseFloat": "$number", "int": "$floor or $number",
    "float": "$number", "num": "$number", "avg": "$average", "mean": "$average", "pow": "$power", "ceiling": "$ceil",
    "trunc": "$floor", "mod": "the operator %", "add": "the operator +", "subtract": "the operator -",
    "multiply": "the operator *", "divide": "the operator /", "randomSeeded": "$random(seed)", "rand": "$random",
    "toFixed": "$formatNumber(n, '0.00')", "toBoolean": "$boolean, or text = 'true'", "bool": "$boolean",
    # arrays and objects
    "forEach": "$map, or $each for an object", "values": "$each(object, function($v) { $v })",
    "entries": "$each(object, function($v, $k) { [$k, $v] })", "items": "$each(object, function($v, $k) { [$k, $v] })",
    "find": "$filter, or $single", "some": "$count($filter(array, function)) > 0",
    "any": "$count($filter(array, function)) > 0", "every": "$count($filter(array, function)) = $count(array)",
    "all": "$count($filter(array, function)) = $count(array)", "first": "array[0]", "head": "array[0]", "last": "array[-1]",
    "tail": "array[[1..$count(array)-1]]", "slice": "array[[0..n]]", "push": "$append(array, value)",
    "concatArrays": "$append", "unique": "$distinct", "uniq": "$distinct", "flatten": "[array.*] or a path over it",
    "fold": "$reduce", "foldLeft": "$reduce", "chunk": "$partition", "groupBy": "array{key: $}", "sortBy": "array^(key)",
    "orderBy": "array^(key)", "pick": "$sift", "omit": "object ~> |$|{}, 'key'|", "has": "$exists(object.key)",
    "contains_key": "$exists(object.key)", "hasKey": "$exists(object.key)", "assign": "$merge([a, b])",
    "extend": "$merge([a, b])", "get": "$lookup(object, key)", "arrayContains": "the operator in",
    # types
    "isArray": "$type(x) = 'array'", "isString": "$type(x) = 'string'", "isNumber": "$type(x) = 'number'",
    "isObject": "$type(x) = 'object'", "isNull": "x = null", "isEmpty": "$count(x) = 0, or x = ''",
    "isDefined": "$exists(x)", "defined": "$exists(x)", "isPresent": "$exists(x)", "typeOf": "$type", "typeof": "$type",
    # conditions
    "if": "condition ? a : b", "iif": "condition ? a : b", "coalesce": "$exists(x) ? x : other",
    "default": "$exists(x) ? x : other", "ifNull": "x = null ? other : x", "and": "the operator and", "or": "the operator or",
    "equals": "the operator =", "throw": "$error", "raise": "$error",
    # times
    "date": "$now", "today": "$now", "timestamp": "$now or $millis", "time": "$millis", "unixTime": "$floor($millis() / 1000)",
    "formatDate": "$fromMillis($toMillis(text), picture)", "parseDate": "$toMillis", "toDate": "$fromMillis",
    "toISOString": "$fromMillis", "dateAdd": "$fromMillis($toMillis(text) + milliseconds)",
    # what intrinsic functions and Step Functions itself call otherwise
    "eval": "$parse for JSON text", "jsonParse": "$parse", "parseJson": "$parse", "fromJson": "$parse",
    "stringToJson": "$parse", "json": "$parse or $string", "toJson": "$string", "jsonToString": "$string",
    "jsonMerge": "$merge([a, b])", "mathAdd": "the operator +", "mathRandom": "$random", "array": "[a, b]",
    "arrayPartition": "$partition", "arrayRange": "$range", "arrayGetItem": "array[n]", "arrayUnique": "$distinct",
    "stringSplit": "$split", "base64": "$base64encode", "base64Encode": "$base64encode", "base64Decode": "$base64decode",
    "encodeBase64": "$base64encode", "decodeBase64": "$base64decode", "urlEncode": "$encodeUrlComponent",
    "urlDecode": "$decodeUrlComponent", "encodeURIComponent": "$encodeUrlComponent",
    "decodeURIComponent": "$decodeUrlComponent", "md5": "$hash(text, 'MD5')", "sha1": "$hash(text, 'SHA-1')",
    "sha256": "$hash(text, 'SHA-256')", "guid": "$uuid", "UUID": "$uuid", "randomUUID": "$uuid",
}  # fmt: skip
"""Name, without ``$`` -> what to write; a function's name, an operator or an expression."""
