# environment DIR SITE PACKAGE...: a new environment in DIR that sees the packages of SITE and adds PACKAGE..., once.
environment() {
  local folder=$1 site=$2
  shift 2
  [ -f "$folder/.installed" ] && return 0
  .venv/bin/python -m venv "$folder"
  printf '%s\n%s\n' "$PWD" "$PWD/$site" > "$(find "$folder" -name site-packages -type d | head -n 1)/beside.pth"
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check -c constraints.txt "$@"
  touch "$folder/.installed"
}
