@echo off
rem The same as the script "grade" for other systems: see there.
set "GRADE_PYTHON=%~dp0python.exe"
if not exist "%GRADE_PYTHON%" set "GRADE_PYTHON=%~dp0..\python.exe"
"%GRADE_PYTHON%" -E -P -c "import sys; sys.argv[0] = sys.argv.pop(1); from grader.__main__ import start; raise SystemExit(start())" "%~f0" %*
