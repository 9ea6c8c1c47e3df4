"""What the suites of this library share: a web site around one file.

Only `alx_web.site` imports Django. It is imported behind the wall, never
where answers are compared.
"""
