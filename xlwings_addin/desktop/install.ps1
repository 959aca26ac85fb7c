# Installs Receivables for the person signed in: no administrator, no network, Windows PowerShell 5.1.
# It makes a Python environment of its own, installs the packages of wheelhouse\ into it by their digests, and calls
# `receivables install` and `receivables doctor`. -Uninstall takes all of it away again; -Quiet asks nothing.
param([string]$Python, [string]$Into = (Join-Path $env:LOCALAPPDATA 'Receivables'), [switch]$Uninstall, [switch]$Quiet)
$ErrorActionPreference = 'Stop'
$wheels = Join-Path (Split-Path -Parent $MyInvocation.MyCommand.Path) 'wheelhouse'

function Stop-Saying([string]$sentence, [int]$status = 2) {
    Write-Host $sentence
    if (-not $Quiet) { Read-Host 'Press Enter to close' | Out-Null }
    exit $status
}

function Invoke-Step([string]$otherwise, [string]$program, [string[]]$arguments) {
    & $program @arguments
    if ($LASTEXITCODE -ne 0) { Stop-Saying $otherwise }
}

# The version of a 64-bit Python for which packages are here, else nothing. That of the Store writes where Excel cannot see.
function Get-Fitting([string]$path) {
    if (-not $path -or $path -like '*\WindowsApps\*' -or -not (Test-Path -LiteralPath $path -PathType Leaf)) { return }
    $said = & $path -c 'import struct, sys; print(*sys.version_info[:2], struct.calcsize(chr(80)) * 8)'
    if ("$said" -match '^(\d+) (\d+) 64$' -and $versions -contains "$($Matches[1]).$($Matches[2])") {
        return "$($Matches[1]).$($Matches[2])"
    }
}

$own = @(Get-Content -LiteralPath (Join-Path $env:LOCALAPPDATA 'Receivables\installed.json') -Raw -Encoding UTF8 -ErrorAction SilentlyContinue | ConvertFrom-Json | ForEach-Object { $_.environments } | Where-Object { $_ -and (Test-Path -LiteralPath (Join-Path $_ 'pyvenv.cfg') -PathType Leaf) }) # nothing else is ever removed
if (Get-Process -Name EXCEL -ErrorAction SilentlyContinue) {
    Stop-Saying 'Excel is running: close every Excel window and run this again.'
}
if ($Uninstall) {
    foreach ($old in $own) {
        Invoke-Step 'Nothing further was removed.' (Join-Path $old 'Scripts\receivables.exe') @('uninstall')
        Remove-Item -LiteralPath $old -Recurse -Force
    }
    Stop-Saying $(if ($own) { 'Receivables is uninstalled.' } else { 'installed.json names no Python environment: nothing was removed.' }) 0
}
Get-ChildItem -LiteralPath (Split-Path -Parent $wheels) -Recurse -File | Unblock-File
$versions = @(Get-ChildItem -Path (Join-Path $wheels 'requirements-*.txt') | ForEach-Object { $_.BaseName.Substring(13) })
$known = @($Python)
foreach ($key in 'HKCU:\Software\Python', 'HKLM:\Software\Python') {
    $known += Get-ItemProperty "$key\*\*\InstallPath" -ErrorAction SilentlyContinue | ForEach-Object { $_.ExecutablePath }
}
$known += Get-Command python.exe -All -ErrorAction SilentlyContinue | ForEach-Object { $_.Path }
$Python = $known | Where-Object { Get-Fitting $_ } | Sort-Object { [version](Get-Fitting $_) } | Select-Object -Last 1
if (-not $Python -and -not $Quiet) { $Python = Read-Host "No 64-bit Python $($versions -join ', ') found. Path of python.exe, if there is one" }
$version = Get-Fitting $Python
if (-not $version) { Stop-Saying "Install 64-bit Python $($versions[-1]) from python.org for yourself and run this again." }
$release = (Get-ChildItem -Path (Join-Path $wheels 'receivables_addin-*.whl')).Name.Split('-')[1]
$environment = Join-Path $Into "python-$release"; $its = Join-Path $environment 'Scripts\python.exe'
if ((Test-Path -LiteralPath $environment) -and $own -notcontains $environment) { Stop-Saying "$environment is there and not named in installed.json: move it away, or choose another folder with -Into." }
Invoke-Step 'The environment could not be made.' $Python @('-m', 'venv', '--clear', $environment)
$list = Join-Path $wheels "requirements-$version.txt"
Invoke-Step 'The packages could not be installed; what was there before still works.' $its @('-m', 'pip', 'install', '--isolated', '--quiet', '--no-index', '--no-deps', '--require-hashes', '--find-links', $wheels, '-r', $list)
Invoke-Step 'The add-in was not installed; see the line above.' $its @('-m', 'xlwings_addin', 'install', '--environment', $environment)
$own | Where-Object { $_ -ne $environment } | ForEach-Object { Remove-Item -LiteralPath $_ -Recurse -Force }
& $its -m xlwings_addin doctor
Stop-Saying "Receivables $release is installed. A line above that says bad says what to do too." $LASTEXITCODE
