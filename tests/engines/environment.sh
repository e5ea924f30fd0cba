# environment DIR SITE PACKAGE...: an environment in DIR that sees the packages of SITE and adds PACKAGE..., once for each list.
environment() {
  local folder=$1 site=$2
  shift 2
  [ "$(cat "$folder/.installed" 2>/dev/null)" = "$*" ] && return 0
  [ -x "$folder/bin/python" ] || .venv/bin/python -m venv "$folder"
  printf '%s\n%s\n' "$PWD" "$PWD/$site" > "$(find "$folder" -name site-packages -type d | head -n 1)/beside.pth"
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check -c constraints.txt "$@"
  echo "$*" > "$folder/.installed"
}
