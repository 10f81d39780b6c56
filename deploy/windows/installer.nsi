; The installer of the agent: asks for the log folder, the fridge and the broker, makes a config with
; `coldwatch-agent init`, and runs the agent as a service. Called by deploy/windows/packages.cmake:
;   makensis -DVERSION=.. -DPROGRAM=.. -DSOURCE=.. -DOUTPUT=.. [-DTARGET=..] installer.nsi
; Without questions: setup.exe /S [/ANSWERS=FILE.ini], where the file has a section [agent] with any of
; logs, fridge, broker, user, passwordfile, service (no: none). Without logs only the program is
; installed. The status is 2 where the config or the service could not be made.
!ifdef TARGET
  Target ${TARGET}
!else
  Unicode true
!endif
!include MUI2.nsh
!include nsDialogs.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include x64.nsh

Name "Coldwatch agent ${VERSION}"
OutFile "${OUTPUT}"
InstallDir "$PROGRAMFILES64\Coldwatch"
RequestExecutionLevel admin
SetCompressor /SOLID lzma
ShowInstDetails show

!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Coldwatch"

Var Logs
Var Fridge
Var Broker
Var User
Var Password
Var PasswordFile
Var Service
Var LogsField
Var FridgeField
Var BrokerField
Var UserField
Var PasswordField
Var Data

!insertmacro MUI_PAGE_LICENSE "${SOURCE}/LICENSE"
!insertmacro MUI_PAGE_DIRECTORY
Page custom AskFridge TakeFridge
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

; Where the control programs of the makers write, as far as it is known: the first that exists.
Function FindLogs
  StrCpy $Logs ""
  !macro Try PLACE
    ${If} $Logs == ""
    ${AndIf} ${FileExists} "${PLACE}\*.*"
      StrCpy $Logs "${PLACE}"
    ${EndIf}
  !macroend
  !insertmacro Try "C:\Oxford Instruments\LogFiles"
  !insertmacro Try "C:\Oxford Instruments\Logs"
  !insertmacro Try "C:\BlueFors\Logs"
  !insertmacro Try "C:\Bluefors\logs"
  !insertmacro Try "D:\BlueFors\Logs"
  !insertmacro Try "C:\QdDynacool\LogFiles"
  !insertmacro Try "C:\QdPpms\LogFiles"
  !insertmacro Try "C:\LeidenCryogenics\Logs"
FunctionEnd

Function .onInit
  SetRegView 64
  SetShellVarContext all
  StrCpy $Data "$APPDATA\Coldwatch"
  ${GetParameters} $R0
  ${GetOptions} $R0 "/ANSWERS=" $R1
  ReadINIStr $Logs $R1 agent logs
  ReadINIStr $Fridge $R1 agent fridge
  ReadINIStr $Broker $R1 agent broker
  ReadINIStr $User $R1 agent user
  ReadINIStr $PasswordFile $R1 agent passwordfile
  ReadINIStr $Service $R1 agent service
  ${If} $Logs == ""
  ${AndIfNot} ${Silent}
    Call FindLogs
  ${EndIf}
  ${If} $Broker == ""
    StrCpy $Broker "mqtt://localhost:1883"
  ${EndIf}
FunctionEnd

!macro Field TOP LABEL VALUE FIELD KIND
  ${NSD_CreateLabel} 0 ${TOP}u 34% 12u "${LABEL}"
  Pop $0
  ${NSD_Create${KIND}} 35% ${TOP}u 50% 12u "${VALUE}"
  Pop ${FIELD}
!macroend

Function AskFridge
  ; A config that exists is kept: an upgrade asks nothing.
  ${If} ${FileExists} "$Data\agent.json"
    Abort
  ${EndIf}
  !insertmacro MUI_HEADER_TEXT "Your fridge" "What the agent watches, and where it tells of it."
  nsDialogs::Create 1018
  Pop $0
  !insertmacro Field 0 "Folder of the fridge's logs" $Logs $LogsField DirRequest
  ${NSD_CreateBrowseButton} 86% 0 14% 12u "Browse"
  Pop $0
  ${NSD_OnClick} $0 BrowseLogs
  !insertmacro Field 20 "Name of the fridge" $Fridge $FridgeField Text
  !insertmacro Field 40 "Broker (mqtt:// or mqtts://)" $Broker $BrokerField Text
  !insertmacro Field 60 "User at the broker" $User $UserField Text
  !insertmacro Field 80 "Password" "" $PasswordField Password
  ${NSD_CreateLabel} 0 105u 100% 30u "The name may have letters, digits, _ and -. The logs are only \
ever read. Every answer can be changed later in $Data\agent.json."
  Pop $0
  nsDialogs::Show
FunctionEnd

Function BrowseLogs
  ${NSD_GetText} $LogsField $0
  nsDialogs::SelectFolderDialog "Folder of the fridge's logs" $0
  Pop $0
  ${If} $0 != error
    ${NSD_SetText} $LogsField $0
  ${EndIf}
FunctionEnd

Function TakeFridge
  ${NSD_GetText} $LogsField $Logs
  ${NSD_GetText} $FridgeField $Fridge
  ${NSD_GetText} $BrokerField $Broker
  ${NSD_GetText} $UserField $User
  ${NSD_GetText} $PasswordField $Password
  ${IfNot} ${FileExists} "$Logs\*.*"
    MessageBox MB_OK|MB_ICONEXCLAMATION "$Logs is not a folder. Expected the one into which the \
fridge's own program writes its logs."
    Abort
  ${EndIf}
FunctionEnd

; Ends the installation with what the program said; quietly it ends with status 2.
!macro Check WHAT
  Pop $0
  Pop $1
  DetailPrint "$1"
  ${If} $0 != 0
    MessageBox MB_OK|MB_ICONEXCLAMATION "${WHAT}:$\r$\n$1" /SD IDOK
    SetErrorLevel 2
  ${EndIf}
!macroend

Function MakeConfig
  ${If} $Password != ""
    StrCpy $PasswordFile "$Data\password.txt"
    FileOpen $0 $PasswordFile w
    FileWrite $0 "$Password$\r$\n"
    FileClose $0
  ${EndIf}
  nsExec::ExecToStack '"$SYSDIR\cmd.exe" /c ""$INSTDIR\coldwatch-agent.exe" init "$Logs" \
--fridge "$Fridge" --broker "$Broker" --user "$User" --password-file "$PasswordFile" \
> "$Data\agent.json""'
  !insertmacro Check "No config could be made from $Logs"
  ${If} $0 != 0
    Delete "$Data\agent.json"
  ${EndIf}
FunctionEnd

Section "Agent"
  SetShellVarContext all
  SetOutPath "$INSTDIR"
  nsExec::Exec '"$INSTDIR\coldwatch-agent.exe" service stop'
  Pop $0
  File /oname=coldwatch-agent.exe "${PROGRAM}"
  File "${SOURCE}/LICENSE"
  File "${SOURCE}/deploy/windows/third-party.txt"
  File "${SOURCE}/config/agent.json"
  SetOutPath "$INSTDIR\rules"
  File "${SOURCE}/config/rules/*.json"
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "DisplayName" "Coldwatch agent"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'

  ; Passwords lie here: for administrators, the system and the service (which install lets in) only.
  CreateDirectory "$Data"
  nsExec::Exec '"$SYSDIR\icacls.exe" "$Data" /inheritance:r /grant "*S-1-5-32-544:(OI)(CI)F" \
/grant "*S-1-5-18:(OI)(CI)F"'
  Pop $0
  ${IfNot} ${FileExists} "$Data\agent.json"
  ${AndIf} $Logs != ""
    Call MakeConfig
  ${EndIf}
  ${If} ${FileExists} "$Data\agent.json"
  ${AndIf} $Service != "no"
    nsExec::ExecToStack '"$INSTDIR\coldwatch-agent.exe" check --config "$Data\agent.json"'
    !insertmacro Check "The config has mistakes"
    nsExec::ExecToStack '"$INSTDIR\coldwatch-agent.exe" service install --config "$Data\agent.json"'
    Pop $0
    Pop $1
    DetailPrint "$1"
    nsExec::ExecToStack '"$INSTDIR\coldwatch-agent.exe" service start'
    !insertmacro Check "The service could not be started"
  ${EndIf}
SectionEnd

Section "Uninstall"
  SetRegView 64
  SetShellVarContext all
  nsExec::Exec '"$INSTDIR\coldwatch-agent.exe" service uninstall'
  Pop $0
  Delete "$INSTDIR\coldwatch-agent.exe"
  Delete "$INSTDIR\LICENSE"
  Delete "$INSTDIR\third-party.txt"
  Delete "$INSTDIR\agent.json"
  Delete "$INSTDIR\uninstall.exe"
  RMDir /r "$INSTDIR\rules"
  RMDir "$INSTDIR"
  DeleteRegKey HKLM "${UNINSTALL_KEY}"
  ; Config and state stay in $APPDATA\Coldwatch: whoever installs again goes on where this ended.
SectionEnd
